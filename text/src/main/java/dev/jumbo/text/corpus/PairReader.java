package dev.jumbo.text.corpus;

import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of texts, file after file, in order: of two text files of which line i of one belongs to line i of the other, blank lines included, or of
 * two columns of JSON and Parquet files. One thread at a time.
 */
public final class PairReader implements AutoCloseable {
    private final List<Path> sources;
    private final List<Path> targets;
    private int file;
    private List<String> left = List.of();
    private List<String> right = List.of();
    private int line;

    private final @Nullable RecordReader records;
    private final String sourceColumn;
    private final String targetColumn;

    private PairReader(
            List<Path> sources,
            List<Path> targets,
            @Nullable RecordReader records,
            String sourceColumn,
            String targetColumn) {
        this.sources = sources;
        this.targets = targets;
        this.records = records;
        this.sourceColumn = sourceColumn;
        this.targetColumn = targetColumn;
    }

    /** Of text files. @throws InputException unless there are as many of both, or if one is JSON or Parquet */
    public static PairReader ofLines(List<Path> sources, List<Path> targets) {
        requireTexts(sources);
        requireTexts(targets);
        if (sources.size() != targets.size()) {
            throw new InputException(
                    "expected as many files of sources as of targets, of which line i of one belongs to"
                            + " line i of the other, received " + sources.size() + " and " + targets.size() + ": "
                            + sources
                            + " and " + targets);
        }
        return new PairReader(List.copyOf(sources), List.copyOf(targets), null, "", "");
    }

    private static void requireTexts(List<Path> files) {
        for (Path file : files) {
            if (CorpusFiles.Format.of(file) != CorpusFiles.Format.TEXT) {
                throw new InputException("expected text files with a text in each line, received " + file
                        + "; name JSON and Parquet files under records, and their columns by source_column and"
                        + " target_column");
            }
        }
    }

    /** Of two columns of JSON lines, JSON arrays and Parquet files. */
    public static PairReader ofRecords(List<Path> files, String sourceColumn, String targetColumn) {
        return new PairReader(List.of(), List.of(), new RecordReader(files), sourceColumn, targetColumn);
    }

    /** Null behind the last one. @throws InputException for what is damaged or has no partner, naming file and line */
    public @Nullable TextPair next() {
        if (records != null) {
            CorpusRecord record = records.next();
            return record == null
                    ? null
                    : new TextPair(record.text(sourceColumn), record.text(targetColumn), record.where());
        }
        while (line == left.size()) {
            if (file == sources.size()) {
                return null;
            }
            left = lines(sources.get(file));
            right = lines(targets.get(file));
            if (left.size() != right.size()) {
                throw new InputException("expected as many lines in " + sources.get(file) + " as in "
                        + targets.get(file) + ", as line i of one belongs to line i of the other, received "
                        + left.size() + " and " + right.size() + "; a line may be lost or divided in one of them");
            }
            line = 0;
            file++;
        }
        String where = sources.get(file - 1) + ", line " + (line + 1);
        return new TextPair(left.get(line), right.get(line++), where);
    }

    /** The lines of a text file, blank ones too, without what ends them. */
    public static List<String> lines(Path file) {
        return lines(TextContent.read(file));
    }

    /**
     * As {@link #lines(Path)}, of what stands elsewhere.
     *
     * @param name for errors
     * @throws InputException if it is not UTF-8
     */
    public static List<String> lines(byte[] utf8, String name) {
        return lines(TextContent.decode(utf8, name));
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = text.indexOf('\n', at);
            int to = end < 0 ? text.length() : end;
            lines.add(text.substring(at, to > at && text.charAt(to - 1) == '\r' ? to - 1 : to));
            at = end < 0 ? text.length() : end + 1;
        }
        return lines;
    }

    @Override
    public void close() {
        if (records != null) {
            records.close();
        }
    }
}
