package dev.jumbo.cli;

import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.serve.access.Allowance;
import dev.jumbo.serve.access.TokenScope;
import dev.jumbo.serve.access.TokensFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo token}: a token for callers of a server, said once; only its hash is kept. */
@Command(
        name = "token",
        description =
                "Make a token for callers of a server. It is printed once, on standard output; the line with its hash goes to a"
                        + " file that serve.access.tokens_file names, or to standard error. A running server reads the file"
                        + " again at SIGHUP.")
final class NewToken extends Verb {
    @Parameters(index = "0", paramLabel = "NAME", description = "Who is to have it; in the log and in quotas.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private String name;

    @Option(
            names = "--scopes",
            split = ",",
            paramLabel = "SCOPE",
            description = "What it is good for: infer, admin, metrics; infer if not given.")
    private List<TokenScope> scopes = List.of(TokenScope.INFER);

    @Option(
            names = "--models",
            split = ",",
            paramLabel = "MODEL",
            description = "Models that it is for; all if not given.")
    private List<String> models = List.of();

    @Option(
            names = "--requests-per-second",
            paramLabel = "N",
            description = "Requests that it may send a second; as serve.access.quota says if not given.")
    private double requestsPerSecond;

    @Option(
            names = "--rows-per-second",
            paramLabel = "N",
            description = "Rows that it may send a second; as serve.access.quota says if not given.")
    private double rowsPerSecond;

    @Option(
            names = "--concurrent",
            paramLabel = "N",
            description = "Requests that it may have in flight; as serve.access.quota says if not given.")
    private int concurrent;

    @Option(names = "--file", description = "File of tokens to add the line to; it is made if it is not there.")
    private @Nullable Path file;

    @Override
    void run() {
        Allowance quota = new Allowance(requestsPerSecond, rowsPerSecond, concurrent);
        String secret = TokensFile.secret();
        String line = TokensFile.line(name, EnumSet.copyOf(scopes), models, quota, secret);
        if (file == null) {
            say("add this line to the file of serve.access.tokens_file: " + line);
        } else {
            add(file, line);
            say("added " + name + " to " + file + "; a running server reads it at SIGHUP");
        }
        out().println(secret);
    }

    private void add(Path to, String line) {
        try {
            if (!Files.exists(to)) {
                create(to);
            } else if (Files.size(to) > 0 && TokensFile.names(to).contains(name)) {
                throw new InputException("there is a token of the name " + name + " in " + to
                        + " already; take that line out," + " or choose another name");
            }
            boolean open = Files.size(to) > 0 && !Files.readString(to).endsWith("\n");
            Files.writeString(to, (open ? "\n" : "") + line + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new InputException("can't write " + to + ": " + IoProblem.of(e), e);
        }
    }

    /** Readable by its owner alone from the first moment on, where the file system can do that. */
    private static void create(Path file) throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (UnsupportedOperationException e) {
            Files.createFile(file);
        }
    }
}
