package dev.jumbo.cli;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Directories for what loading data writes, where nothing of it is to be kept. They last as long as the process: examples know the files that made them. */
final class Scratch {
    private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

    private Scratch() {}

    /** A new one. @param prefix of its name */
    static Path directory(String prefix) {
        try {
            Path directory = Files.createTempDirectory(prefix);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            return directory;
        } catch (IOException e) {
            throw new FailureException("cannot use the directory for temporary files: " + IoProblem.of(e), e);
        }
    }

    private static void delete(Path directory) {
        try {
            Durable.deleteDirectory(directory);
        } catch (IOException e) {
            LOG.warn("cannot delete {}: {}", directory, IoProblem.of(e));
        }
    }
}
