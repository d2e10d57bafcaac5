package dev.jumbo.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code jumbo help}: what {@code --help} says, of the command or of a verb. */
@Command(name = "help", description = "Show this help, or that of a verb.")
final class Help extends Verb {
    @Parameters(index = "0", arity = "0..1", paramLabel = "VERB", description = "The verb; all of them if not given.")
    private @Nullable String verb;

    @Override
    void run() {
        CommandLine root = spec.root().commandLine();
        CommandLine of = verb == null ? root : root.getSubcommands().get(verb);
        if (of == null) {
            throw new UnmatchedArgumentException(root, List.of(String.valueOf(verb)));
        }
        of.usage(out());
    }
}
