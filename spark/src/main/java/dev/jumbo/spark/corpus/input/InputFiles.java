package dev.jumbo.spark.corpus.input;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files of an input, in the order of their names. */
final class InputFiles {
    /** What a task reads of a file of lines at a time. */
    static final long LINES_SPLIT = 64L << 20;

    private InputFiles() {}

    /**
     * One part for each file, or several of files that can be divided.
     *
     * @param glob that paths below a folder must match, as in {@code **.txt}; hidden files are left out
     * @param step bytes of a part; {@link Long#MAX_VALUE} for whole files
     */
    static List<FileSplit> splits(String path, String glob, int first, long step) {
        List<Path> files = list(Path.of(path), glob);
        if (first + (long) files.size() > FileSplit.MAX_FILES) {
            throw new InputException("expected at most " + FileSplit.MAX_FILES + " input files, received more with "
                    + path + "; join small files");
        }
        List<FileSplit> splits = new ArrayList<>();
        int number = first;
        for (Path file : files) {
            add(splits, number++, file.toAbsolutePath().normalize(), step);
        }
        return splits;
    }

    private static void add(List<FileSplit> splits, int number, Path file, long step) {
        try {
            long size = Files.size(file);
            long modified = Files.getLastModifiedTime(file).toMillis();
            long part = size <= step || Streams.isCompressed(file) ? size : step;
            long start = 0;
            do {
                long end = Math.min(size, start + part);
                splits.add(new FileSplit(number, file.toString(), start, end, size, modified));
                start = end;
            } while (start < size);
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static List<Path> list(Path path, String glob) {
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        if (!Files.isDirectory(path)) {
            throw new InputException("there is no file or folder " + path + ": check the path of the input");
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        List<Path> files;
        try (Stream<Path> walk = Files.walk(path)) {
            files = walk.filter(Files::isRegularFile)
                    .filter(file -> !isHidden(path.relativize(file)) && matcher.matches(path.relativize(file)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new FailureException("cannot list " + path + ": " + e.getMessage(), e);
        }
        if (files.isEmpty()) {
            throw new InputException("expected files in " + path + " that match " + glob + ", found none");
        }
        return files;
    }

    /** Names that begin with a dot or, as Spark's _SUCCESS, with an underscore. */
    private static boolean isHidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".") || part.toString().startsWith("_")) {
                return true;
            }
        }
        return false;
    }
}
