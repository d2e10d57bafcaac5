package dev.jumbo.text.corpus;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.NamedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of a corpus: those that are named, those that match patterns, and all below folders. */
public final class CorpusFiles {
    private CorpusFiles() {}

    /** What is in a file, as its name says. */
    public enum Format {
        /** Text in UTF-8. */
        TEXT,
        /** A JSON object a line, or one array of objects. */
        JSON,
        /** Parquet. */
        PARQUET;

        /** By the end of the name, without {@code .gz}: {@code .jsonl}, {@code .ndjson} and {@code .json}; {@code .parquet}; others are texts. */
        public static Format of(Path file) {
            String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            name = name.endsWith(".gz") ? name.substring(0, name.length() - ".gz".length()) : name;
            if (name.endsWith(".parquet")) {
                return PARQUET;
            }
            return name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json") ? JSON : TEXT;
        }
    }

    /**
     * Of a folder and of a pattern such as {@code part-*.jsonl}, in the order of their names; hidden files are left out.
     *
     * @param dir from which paths are seen; null: the current directory
     * @param key under which they were named, for errors
     * @throws InputException if one is not there, or nothing matches
     */
    public static List<Path> of(List<String> named, @Nullable Path dir, String key) {
        List<Path> files = new ArrayList<>();
        for (String each : named) {
            int name = each.lastIndexOf('/') + 1;
            if (NamedFiles.isPattern(each.substring(name))) {
                Path folder = NamedFiles.at(dir, each.substring(0, name), key);
                files.addAll(matching(folder, each.substring(name), key));
                continue;
            }
            Path file = NamedFiles.at(dir, each, key);
            if (Files.isDirectory(file)) {
                files.addAll(below(file, key));
            } else if (Files.isRegularFile(file)) {
                files.add(file);
            } else {
                throw new InputException(key + ": expected a file or a folder at " + file
                        + ", found none; check the path" + (dir == null ? "" : ", which is seen from data.dir " + dir));
            }
        }
        return files;
    }

    private static List<Path> matching(Path folder, String pattern, String key) {
        List<Path> found = NamedFiles.matching(folder, pattern, key);
        if (found.isEmpty()) {
            throw new InputException(
                    key + ": expected files that match " + pattern + " in " + folder.toAbsolutePath() + ", found none");
        }
        return found;
    }

    private static List<Path> below(Path folder, String key) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(Files::isRegularFile)
                    .filter(file -> !isHidden(folder.relativize(file)))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new InputException(key + ": expected files in the folder " + folder + ", found none");
            }
            return files;
        } catch (IOException e) {
            throw new FailureException("cannot read the folder " + folder + ": " + IoProblem.of(e), e);
        }
    }

    /** Whether a name on the way to a file of a folder begins with a dot, or with the {@code _} of Spark's own files, such as {@code _SUCCESS}. */
    public static boolean isHidden(Path path) {
        for (Path part : path) {
            if (part.toString().startsWith(".") || part.toString().startsWith("_")) {
                return true;
            }
        }
        return false;
    }
}
