package dev.jumbo.files;

import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Files that a text names: a configuration, a manifest, a task file. */
public final class NamedFiles {
    private NamedFiles() {}

    /**
     * The path of a name.
     *
     * @param folder from which it is seen; null: the current directory
     * @param key under which it stands, for errors
     * @throws InputException if no file can have the name
     */
    public static Path at(@Nullable Path folder, String name, String key) {
        try {
            return folder == null ? Path.of(name) : folder.resolve(name);
        } catch (InvalidPathException e) {
            throw new InputException(
                    key + ": expected the name of a file, received \"" + name + "\", which no file can have: "
                            + e.getReason(),
                    e);
        }
    }

    /** Whether a name, without its folders, is a pattern such as {@code part-*.jsonl}. */
    public static boolean isPattern(String name) {
        return name.matches(".*[*?\\[{].*");
    }

    /**
     * The files of a folder whose names match a pattern, by name; none where none does.
     *
     * @param key under which the pattern stands, for errors
     * @throws InputException if it is no pattern, or the folder cannot be read
     */
    public static List<Path> matching(Path folder, String pattern, String key) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, pattern)) {
            all.forEach(file -> {
                if (Files.isRegularFile(file)) {
                    found.add(file);
                }
            });
        } catch (PatternSyntaxException e) {
            throw new InputException(
                    key + ": expected a pattern such as part-*.jsonl, received " + pattern + ": " + e.getDescription()
                            + "; put a backslash before [ and { of a name",
                    e);
        } catch (IOException e) {
            throw new InputException(
                    key + ": cannot read the folder " + folder + " of " + pattern + ": " + IoProblem.of(e), e);
        }
        return found.stream().sorted().toList();
    }
}
