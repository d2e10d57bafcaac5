package dev.jumbo.files;

import dev.jumbo.error.FailureException;
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
import java.util.UUID;
import java.util.stream.Stream;

/** Writing that survives a crash at any moment: a name appears only when what it names is on the disk. */
public final class Durable {
    private static final String TEMPORARY = ".tmp";

    private Durable() {}

    /** What is written to a file of another name first. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Path draft) throws IOException;
    }

    /** As {@link #write(Path, Content)}, of a text in UTF-8. */
    public static void write(Path file, String text) throws IOException {
        write(file, draft -> Files.writeString(draft, text, StandardCharsets.UTF_8));
    }

    /** Writes a file under a temporary name, forces it to disk and renames it; a failure leaves neither, and a file that was there. */
    public static void write(Path file, Content content) throws IOException {
        write(
                file,
                file.resolveSibling("." + file.getFileName() + TEMPORARY),
                content); // A killed process leaves one at most.
    }

    private static void write(Path file, Path temporary, Content content) throws IOException {
        try {
            content.writeTo(temporary);
            force(temporary);
            rename(temporary, file);
        } finally {
            Files.deleteIfExists(temporary); // A full disk leaves one that is empty.
        }
    }

    /** As {@link #write(Path, String)}, of a file that several processes may write at once. @throws FailureException if it cannot be written */
    public static void writeOrFail(Path file, String text) {
        try {
            write(file, temporary(file), draft -> Files.writeString(draft, text, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new FailureException("cannot write " + file + ": " + e, e);
        }
    }

    /** A hidden name beside a file, of which there is no other. */
    public static Path temporary(Path file) {
        return file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + TEMPORARY);
    }

    /** Gives a file that is complete and forced its name; a file of that name is replaced. */
    public static void rename(Path temporary, Path file) throws IOException {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(parent(file));
    }

    /** Deletes what processes that were killed left behind. @param stem how the names of their files begin */
    public static void deleteTemporaries(Path dir, String stem) {
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

    /** Forces the files of a finished directory to disk and gives it its name; a directory of that name is replaced. */
    public static void publish(Path temporary, Path directory) throws IOException {
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
    public static void deleteDirectory(Path directory) throws IOException {
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

    /** Forces what was written to a file to the disk. */
    public static void force(Path file) throws IOException {
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

    /** The directory of a file. */
    public static Path parent(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("the root has no parent directory");
        }
        return parent;
    }
}
