package dev.jumbo.train.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Writing that survives a crash at any moment: a name appears only when what it names is on the disk. */
final class Durable {
    private Durable() {}

    /** Writes a small file under a temporary name, forces it to disk and renames it; a failure leaves neither. */
    static void write(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            Files.writeString(temporary, text, StandardCharsets.UTF_8);
            force(temporary);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary); // A full disk leaves one that is empty.
        }
        forceDirectory(parent(file));
    }

    /** Forces the files of a finished directory to disk and gives it its name; a directory of that name is replaced. */
    static void publish(Path temporary, Path directory) throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            for (Path file : files.toList()) {
                force(file);
            }
        }
        forceDirectory(temporary);
        if (Files.exists(directory)) {
            replace(temporary, directory); // A crash came between this name and the pointer to it.
        } else {
            Files.move(temporary, directory, StandardCopyOption.ATOMIC_MOVE);
        }
        forceDirectory(parent(directory));
    }

    private static void replace(Path temporary, Path directory) throws IOException {
        Path old = directory.resolveSibling(".old-" + directory.getFileName());
        deleteDirectory(old);
        Files.move(directory, old, StandardCopyOption.ATOMIC_MOVE);
        Files.move(temporary, directory, StandardCopyOption.ATOMIC_MOVE);
        deleteDirectory(old);
    }

    /** Deletes a directory of files, if it is there. */
    static void deleteDirectory(Path directory) throws IOException {
        List<Path> entries;
        try (Stream<Path> walk = Files.walk(directory)) {
            entries = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException e) {
            return;
        }
        for (Path entry : entries) {
            Files.deleteIfExists(entry);
        }
    }

    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static void forceDirectory(Path directory) throws IOException {
        if (System.getProperty("os.name").startsWith("Windows")) {
            return; // Windows cannot open a directory as a channel; its renames are journaled.
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path parent(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("the root has no parent directory");
        }
        return parent;
    }
}
