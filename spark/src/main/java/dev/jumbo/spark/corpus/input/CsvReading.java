package dev.jumbo.spark.corpus.input;

import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.data.table.read.CsvLayoutException;
import dev.jumbo.data.table.read.CsvRows;
import dev.jumbo.error.InputException;
import dev.jumbo.error.JumboException;
import dev.jumbo.error.Nearest;
import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.corpus.document.Utf8;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The records of a CSV file. A document's place is its line. */
final class CsvReading extends Reading {
    /** How many times larger than the file its content may be. */
    private static final int MAX_RATIO = 200;

    private final CsvFile format;
    private final CsvRows rows;
    private final int text;
    private final Map<String, Integer> kept = new TreeMap<>();
    private long line;
    private boolean first = true;

    CsvReading(FileSplit split, CsvInput input, int limit) throws IOException {
        super(split, "read.unreadable");
        format = new CsvFile(
                Path.of(split.path()),
                input.names(),
                input.delimiter(),
                input.quote(),
                "",
                List.of(),
                false,
                input.charset(),
                1,
                limit,
                limit,
                MAX_RATIO,
                input.header());
        rows = open(format);
        try {
            text = column(input.text());
            input.keep().forEach(name -> kept.put(name, column(name)));
        } catch (InputException e) {
            rows.close();
            throw e;
        }
    }

    /** A file that is damaged or empty is the file's fault, unlike one without the column or of another delimiter. */
    private static CsvRows open(CsvFile format) throws IOException {
        try {
            return CsvRows.open(format);
        } catch (CsvLayoutException e) {
            throw e;
        } catch (JumboException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private int column(String name) {
        int index = rows.header().indexOf(name);
        if (index < 0) {
            throw new InputException(
                    split().path() + " has no column \"" + name + "\"" + Nearest.hint(name, rows.header()));
        }
        return index;
    }

    @Override
    @Nullable
    Entry advance() throws IOException {
        CsvRows.Row row = row();
        if (row == null) {
            return null;
        }
        line = row.line();
        if (row instanceof CsvRows.Bad bad) {
            String record = bad.malformed().text();
            return bad(line, "read.malformed_csv", bad.malformed().reason(), record, Utf8.length(record));
        }
        List<String> fields = ((CsvRows.Good) row).fields();
        if (first) {
            format.requireData(fields);
            first = false;
        }
        Map<String, String> metadata = new TreeMap<>();
        kept.forEach((name, index) -> metadata.put(name, fields.get(index)));
        return document(line, fields.get(text), metadata);
    }

    private CsvRows.@Nullable Row row() throws IOException {
        try {
            return rows.next();
        } catch (JumboException e) { // Content many times larger than the file.
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    long place() {
        return line + 1;
    }

    @Override
    void release() throws IOException {
        rows.close();
    }
}
