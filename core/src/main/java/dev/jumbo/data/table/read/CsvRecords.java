package dev.jumbo.data.table.read;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The records of a CSV file, each cut out of the file by its quotes and then parsed on its own, so that a malformed one
 * costs its own line and not the rest of the file.
 *
 * <p>A record that is malformed and spans lines because of a quote gives back all lines but its first: the quote was
 * stray, and the lines after it are records of their own.
 */
final class CsvRecords {
    /** Bounds the work on a file full of stray quotes: a record spans no more lines. */
    private static final int MAX_LINES = 1000;

    private final CsvFile format;
    private final LineReader lines;
    private final Consumer<Malformed> malformedRecords;
    private final CsvReader.CsvReaderBuilder parser;
    private final CsvRecordHandler handler;
    private int fields = -1;
    private long malformed;
    private boolean header;

    /**
     * @param line where the record begins, from 1
     * @param fields without quotes
     */
    record Fields(long line, List<String> fields) {}

    /** @param malformedRecords receives what cannot be read, in order */
    CsvRecords(CsvFile format, BufferedReader in, Consumer<Malformed> malformedRecords) {
        this.format = format;
        this.malformedRecords = malformedRecords;
        lines = new LineReader(in, format.maxRecord());
        parser = CsvReader.builder()
                .fieldSeparator(format.delimiter().charAt(0))
                .quoteCharacter(format.quote().charAt(0))
                .skipEmptyLines(false)
                .allowExtraCharsAfterClosingQuote(false)
                .allowUnclosedQuote(false)
                .maxBufferSize(Math.max(1 << 14, 2 * format.maxRecord()));
        handler = CsvRecordHandler.of(h -> h.maxFieldSize(format.maxField()).maxRecordSize(format.maxRecord()));
    }

    /** From here on every record must have this many fields. */
    void expect(int count) {
        fields = count;
    }

    /** How many records went to the quarantine. */
    long malformed() {
        return malformed;
    }

    /**
     * The first record, which is a header; null at the end.
     *
     * @throws dev.jumbo.error.InputException if it is malformed: the record behind it would be taken for the header, or be lost
     */
    @Nullable
    Fields header() throws IOException {
        header = true;
        Fields first = next();
        header = false;
        return first;
    }

    /** The next good record, or null at the end. */
    @Nullable
    Fields next() throws IOException {
        for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
            boolean comment = !format.comment().isEmpty() && line.text().startsWith(format.comment());
            if (comment || line.text().isBlank()) {
                continue;
            }
            List<LineReader.Line> taken = new ArrayList<>(List.of(line));
            String text = whole(taken);
            String reason = text == null ? "a quote that is not closed" : reason(line, text);
            List<String> parsed = List.of();
            if (reason == null && text != null) {
                try {
                    CsvRecord record = parser.ofSingleCsvRecord(handler, text);
                    parsed = record.getFields();
                    reason = fields >= 0 && parsed.size() != fields
                            ? "expected " + fields + " fields, received " + parsed.size()
                            : null;
                } catch (CsvParseException e) {
                    reason = syntax(e);
                }
            }
            if (reason == null) {
                return new Fields(line.number(), parsed);
            }
            if (header) {
                throw format.unreadable(new Malformed(line.number(), reason, TextFile.shown(line.text())));
            }
            for (int i = taken.size() - 1; i > 0; i--) {
                lines.putBack(taken.get(i));
            }
            malformed++;
            malformedRecords.accept(new Malformed(line.number(), reason, TextFile.shown(line.text())));
        }
        return null;
    }

    /** Takes lines until quotes are closed; null if they never are. */
    private @Nullable String whole(List<LineReader.Line> taken) throws IOException {
        String first = taken.get(0).text();
        boolean open = open(first, false);
        if (!open || taken.get(0).tooLong()) {
            return first;
        }
        StringBuilder text = new StringBuilder(first);
        while (open) {
            LineReader.Line line = taken.size() < MAX_LINES ? lines.next() : null;
            if (line == null) {
                return null;
            }
            taken.add(line);
            if (line.tooLong() || text.length() + line.text().length() >= format.maxRecord()) {
                return null;
            }
            text.append(taken.get(taken.size() - 2).end()).append(line.text());
            open = open(line.text(), true);
        }
        return text.toString();
    }

    /** Whether a quoted field is still open at the end of a line. */
    private boolean open(String text, boolean openBefore) {
        char quote = format.quote().charAt(0);
        char delimiter = format.delimiter().charAt(0);
        boolean inQuotes = openBefore;
        boolean mayOpen = !openBefore;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (inQuotes) {
                inQuotes = c != quote;
                mayOpen = !inQuotes; // a second quote right behind is a quoted quote, and the field goes on
            } else {
                inQuotes = mayOpen && c == quote;
                mayOpen = c == delimiter;
            }
        }
        return inQuotes;
    }

    private @Nullable String reason(LineReader.Line first, String text) {
        if (first.tooLong()) {
            return "a record of more than " + format.maxRecord() + " characters";
        }
        if (text.indexOf('\0') >= 0) {
            return "a NUL character";
        }
        if (TextFile.isBroken(text)) {
            return BadShare.notIn(format.charset());
        }
        return null;
    }

    private String syntax(CsvParseException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String message = String.valueOf(cause.getMessage());
        return message.contains("exceed") || message.contains("Maximum") || message.contains("size")
                ? "a field of more than " + format.maxField() + " characters"
                : message.contains("closing quote") || message.contains("quote")
                        ? "text behind a closing quote (a quote within quotes is written twice)"
                        : message.replaceAll(" (that started in|in|at|on) line \\d+", ""); // The record's own lines.
    }
}
