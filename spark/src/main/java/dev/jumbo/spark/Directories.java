package dev.jumbo.spark;

import dev.jumbo.error.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Changes of directories of which a crash leaves all or nothing. */
public final class Directories {
    private Directories() {}

    /** A path as Spark takes it, with this machine's file system whatever Spark's own is, and blanks as they are. */
    public static String forSpark(Path path) {
        return new org.apache.hadoop.fs.Path(path.toAbsolutePath().toUri()).toString();
    }

    /** An empty directory; what was there is deleted. */
    public static Path fresh(Path directory) {
        delete(directory);
        return create(directory);
    }

    public static Path create(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new FailureException("cannot make the directory " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Deletes a file or directory, if it is there. */
    public static void delete(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(path)) {
            for (Path entry : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        } catch (IOException e) {
            throw new FailureException("cannot delete " + path + ": " + e.getMessage(), e);
        }
    }

    /** Of all files in a directory, however deep. */
    public static long bytes(Path directory) {
        try (Stream<Path> walk = Files.walk(directory)) {
            long sum = 0;
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        } catch (IOException e) {
            throw new FailureException("cannot look through " + directory + ": " + e, e);
        }
    }

    /** Names of what is in a directory; none if it is not there. */
    public static List<Path> list(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new FailureException("cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    /**
     * Gives a complete draft its place. The old report is taken away first, and the new one gets its name last: where it is,
     * all that it tells of is there.
     *
     * @param draft what was made, and the report; deleted at the end
     * @param names what there can be besides the report: what was not made now is deleted
     */
    public static void publish(Path draft, Path out, List<String> names, String report) {
        delete(out.resolve(report));
        for (String name : names) {
            Path made = draft.resolve(name);
            if (Files.exists(made)) {
                move(made, out.resolve(name));
            } else {
                delete(out.resolve(name));
            }
        }
        move(draft.resolve(report), out.resolve(report));
        delete(draft);
    }

    /** Copies the files of a directory into a new one. */
    public static void copy(Path from, Path to) {
        create(to);
        for (Path file : list(from)) {
            try {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new FailureException("cannot copy " + file + " to " + to + ": " + e.getMessage(), e);
            }
        }
    }

    /** Gives a complete file or directory its name; what had the name is deleted. */
    public static void move(Path from, Path to) {
        delete(to);
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new FailureException("cannot rename " + from + " to " + to + ": " + e.getMessage(), e);
        }
    }
}
