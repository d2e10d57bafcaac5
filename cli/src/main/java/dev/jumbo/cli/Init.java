package dev.jumbo.cli;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo init}: a commented configuration to start from. */
@Command(name = "init", description = "Write a commented configuration to start from.")
final class Init extends Verb {
    /** The configurations of {@code examples/}, which the build puts on the class path. */
    enum Template {
        ARTICLE,
        DIGITS,
        MNIST_BEST,
        ADULT;

        String file() {
            return name().toLowerCase(Locale.ROOT) + ".yaml";
        }
    }

    @Parameters(index = "0", paramLabel = "TEMPLATE", description = "${COMPLETION-CANDIDATES} (in lower case).")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Template template;

    @Option(names = "--out", paramLabel = "FILE", description = "The file to write; TEMPLATE.yaml if not given.")
    private @Nullable Path out;

    @Override
    void run() {
        Path file = out == null ? Path.of(template.file()) : out;
        try (InputStream content = Init.class.getResourceAsStream("/templates/" + template.file())) {
            if (content == null) {
                throw new FailureException("the template " + template.file() + " is not in this build");
            }
            Files.write(file, content.readAllBytes(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new InputException(file + " is there already: remove it, or give another name with --out", e);
        } catch (IOException e) {
            throw new FailureException("cannot write " + file + ": " + e, e);
        }
        out().println("wrote " + file + "; now: jumbo run " + file);
    }
}
