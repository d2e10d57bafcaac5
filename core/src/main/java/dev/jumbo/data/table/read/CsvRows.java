package dev.jumbo.data.table.read;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The records of a CSV file one after the other, for files that are larger than memory. Malformed ones come in between,
 * where they stand in the file.
 */
public final class CsvRows implements AutoCloseable {
    private final BufferedReader in;
    private final CsvRecords records;
    private final Queue<Malformed> malformed = new ArrayDeque<>();
    private final List<String> header;
    private CsvRecords.@Nullable Fields waiting;
    private boolean ended;

    private CsvRows(CsvFile format) throws IOException {
        in = TextFile.openMarking(format.path(), Charset.forName(format.charset()), format.maxRatio());
        records = new CsvRecords(format, in, malformed::add);
        try {
            header = format.header(records);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
        records.expect(header.size());
    }

    /**
     * Begins to read a file. Its {@code max_bad_share} does not count here.
     *
     * @throws dev.jumbo.error.InputException if there is no such file, or no header where there should be one
     * @throws CsvLayoutException if the header shows that the settings do not fit the file
     */
    public static CsvRows open(CsvFile format) throws IOException {
        return new CsvRows(format);
    }

    /** Names of the columns. */
    public List<String> header() {
        return header;
    }

    /** A record of the file. @param line where it begins, from 1 */
    public sealed interface Row {
        long line();
    }

    /** A record with a field for each column. */
    public record Good(long line, List<String> fields) implements Row {}

    /** A record that could not be read. */
    public record Bad(long line, Malformed malformed) implements Row {}

    /** The next record, or null at the end. */
    public @Nullable Row next() throws IOException {
        if (malformed.isEmpty() && waiting == null && !ended) {
            waiting = records.next();
            ended = waiting == null;
        }
        Malformed bad = malformed.poll();
        if (bad != null) {
            return new Bad(bad.line(), bad);
        }
        CsvRecords.Fields good = waiting;
        waiting = null;
        return good == null ? null : new Good(good.line(), good.fields());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
