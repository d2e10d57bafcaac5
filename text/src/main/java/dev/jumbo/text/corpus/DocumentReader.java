package dev.jumbo.text.corpus;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The documents of text files and of a column of records, file after file, in order. One thread at a time. */
public final class DocumentReader implements AutoCloseable {
    private final List<Path> files;
    private final String column;
    private final Unit unit;
    private int file;
    private @Nullable RecordReader records;
    private @Nullable String text;
    private int at;
    private int line;

    /** What a document is in a text file. */
    public enum Unit {
        /** The whole file. */
        FILE,
        /** Each line that is not blank. */
        LINE,
        /** What stands between blank lines. */
        PARAGRAPH
    }

    /** @param column of JSON and Parquet files that has the text @param unit of text files */
    public DocumentReader(List<Path> files, String column, Unit unit) {
        this.files = List.copyOf(files);
        this.column = column;
        this.unit = unit;
    }

    /** Null behind the last one; one may be empty. @throws dev.jumbo.error.InputException for what is damaged, naming file and line */
    public @Nullable TextDocument next() {
        while (file < files.size()) {
            TextDocument document =
                    CorpusFiles.Format.of(files.get(file)) == CorpusFiles.Format.TEXT ? ofText() : ofRecord();
            if (document != null) {
                return document;
            }
            close();
            file++;
        }
        return null;
    }

    private @Nullable TextDocument ofRecord() {
        if (records == null) {
            records = new RecordReader(List.of(files.get(file)));
        }
        CorpusRecord record = records.next();
        return record == null ? null : new TextDocument(record.text(column), record.where());
    }

    private @Nullable TextDocument ofText() {
        Path path = files.get(file);
        if (text == null) {
            text = TextContent.read(path);
            at = 0;
            line = 0;
            if (unit == Unit.FILE) {
                at = text.length();
                return new TextDocument(text, path.toString());
            }
        }
        return unit == Unit.FILE ? null : part(text, path);
    }

    /** The next line, or lines up to a blank one; null at the end. */
    private @Nullable TextDocument part(String all, Path path) {
        StringBuilder found = new StringBuilder();
        int first = 0;
        while (at < all.length()) {
            int end = all.indexOf('\n', at);
            int to = end < 0 ? all.length() : end;
            String each = all.substring(at, to > at && all.charAt(to - 1) == '\r' ? to - 1 : to);
            at = end < 0 ? all.length() : end + 1;
            line++;
            if (each.isBlank()) {
                if (found.length() > 0) {
                    break;
                }
                continue;
            }
            first = first == 0 ? line : first;
            found.append(found.length() > 0 ? "\n" : "").append(each);
            if (unit == Unit.LINE) {
                break;
            }
        }
        return found.length() == 0 ? null : new TextDocument(found.toString(), path + ", line " + first);
    }

    @Override
    public void close() {
        if (records != null) {
            records.close();
            records = null;
        }
        text = null;
    }
}
