package dev.jumbo.data.shards;

import dev.jumbo.error.FailureException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Files that have their names only when they are complete and on the disk. */
final class Durably {
    private static final String TEMPORARY = ".tmp";

    private Durably() {}

    /** A hidden name beside a file. @param attempt makes it another's for each attempt */
    static Path temporary(Path file, String attempt) {
        return file.resolveSibling("." + file.getFileName() + "." + attempt + TEMPORARY);
    }

    /** Writes a small file. */
    static void write(Path file, String text) {
        Path temporary = temporary(file, UUID.randomUUID().toString());
        try {
            try {
                Files.writeString(temporary, text, StandardCharsets.UTF_8);
                try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                rename(temporary, file);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new FailureException("cannot write " + file + ": " + e, e);
        }
    }

    /** Gives a complete file its name; a file of that name is replaced. */
    static void rename(Path temporary, Path file) throws IOException {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (!System.getProperty("os.name").startsWith("Windows")) { // It cannot open a directory as a channel.
            try (FileChannel channel = FileChannel.open(parent(file), StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Deletes what attempts that were killed left behind. @param stem how the names of their files begin */
    static void deleteTemporaries(Path dir, String stem) {
        try (Stream<Path> files = Files.list(dir)) {
            List<Path> left = files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.startsWith("." + stem) && name.endsWith(TEMPORARY);
                    })
                    .toList();
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new FailureException("cannot tidy " + dir + ": " + e, e);
        }
    }

    static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("the root has no parent directory");
        }
        return parent;
    }
}
