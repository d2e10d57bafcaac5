package dev.jumbo.cli;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Durable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/** Files that appear under their name only when they are complete. */
final class Output {
    private Output() {}

    /** Deletes a file, if it is there. */
    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new FailureException("cannot delete " + file + ": " + e, e);
        }
    }

    static void write(Path file, String text) {
        write(file, draft -> Files.writeString(draft, text));
    }

    /** @throws FailureException if it cannot be written; a file that was there stays then */
    static void write(Path file, Durable.Content content) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Durable.write(file, content);
        } catch (IOException e) {
            throw failure(file, e);
        } catch (UncheckedIOException e) { // Libraries wrap.
            throw failure(file, Objects.requireNonNull(e.getCause()));
        }
    }

    /** A line of what {@link #write} writes. */
    static void line(Writer into, String line) {
        try {
            into.write(line);
            into.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FailureException failure(Path file, IOException e) {
        return new FailureException("cannot write " + file + ": " + IoProblem.of(e), e);
    }

    /** Gives a directory of its own within another, that is gone afterwards. */
    static <T> T inWork(Path directory, Function<Path, T> work) {
        try {
            Files.createDirectories(directory);
            Path own = Files.createTempDirectory(directory, ".work");
            try {
                return work.apply(own);
            } finally {
                deleteAll(own);
            }
        } catch (IOException e) {
            throw new FailureException("cannot write into " + directory + ": " + e, e);
        }
    }

    private static void deleteAll(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> paths = Files.walk(directory)) {
            all = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
