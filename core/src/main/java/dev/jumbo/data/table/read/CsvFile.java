package dev.jumbo.data.table.read;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of delimited values (RFC 4180), compressed with gzip or not. All values are read as texts; cleaning and the
 * schema turn them into what they mean.
 *
 * <p>A malformed record (wrong number of fields, an open quote, a NUL character, bytes that are not in the charset,
 * a field or record over the limit) goes to the quarantine with its line and the reason, and reading goes on with the
 * next line. Over {@code max_bad_share} reading stops. Blank lines and comment lines are no records.
 */
@Kind("csv")
public record CsvFile(
        @Doc("The file; gzip is recognised.") Path path,

        @Doc("Names of the columns; empty: the first record has them.") @Default("[]")
        List<String> names,

        @Doc("One character between fields.") @Default("\",\"")
        String delimiter,

        @Doc("One character around fields that hold a delimiter, quote or line end.") @Default("'\"'")
        String quote,

        @Doc("A line that begins with this is a comment; empty: none.") @Default("\"\"")
        String comment,

        @Doc("Texts that stand for a missing value; by default those of pandas.") @Default(MissingMarkers.DEFAULT)
        List<String> missing,

        @Doc("Blanks around values are dropped.") @Default("true")
        boolean trim,

        @Doc("Charset by its IANA name.") @Default("UTF-8") String charset,

        @Doc("The share of malformed records from which reading stops.") @Default("0.01")
        double maxBadShare,

        @Doc("Characters of the longest field allowed.") @Default("131072")
        int maxField,

        @Doc("Characters of the longest record allowed.") @Default("1048576")
        int maxRecord,

        @Doc("How many times larger than the file gzip content may be.") @Default("200")
        int maxRatio,

        @Doc("auto: the first record has the names where none are given; skip: it is left out, beside names.")
        @Default("auto")
        Header header)
        implements StreamedSource {
    /** What the first record is. */
    public enum Header {
        /** The names of the columns where none are given, data otherwise. */
        AUTO,
        /** Left out: the names are given. */
        SKIP
    }

    private static final String DELIMITERS = ";\t|,";
    private static final int SHOWN = 80;

    public CsvFile {
        names = List.copyOf(names);
        missing = List.copyOf(missing);
        if (delimiter.length() != 1 || quote.length() != 1 || delimiter.equals(quote)) {
            throw new InputException("expected two different single characters as delimiter and quote, received \""
                    + delimiter + "\" and \"" + quote + "\"");
        }
        if (!(maxBadShare >= 0 && maxBadShare <= 1) || maxField < 1 || maxRecord < maxField || maxRatio < 1) {
            throw new InputException("expected max_bad_share from 0 to 1, max_ratio and max_field of 1 or more, and"
                    + " max_record of at least max_field; received " + maxBadShare + ", " + maxRatio + ", " + maxField
                    + " and " + maxRecord);
        }
        if (header == Header.SKIP && names.isEmpty()) {
            throw new InputException("expected names beside header: skip, received none");
        }
        if (!Charset.isSupported(charset)) {
            throw new InputException("unknown charset \"" + charset + "\"; use a name such as UTF-8 or ISO-8859-1");
        }
    }

    /** With the header found out. */
    public CsvFile(
            Path path,
            List<String> names,
            String delimiter,
            String quote,
            String comment,
            List<String> missing,
            boolean trim,
            String charset,
            double maxBadShare,
            int maxField,
            int maxRecord,
            int maxRatio) {
        this(
                path,
                names,
                delimiter,
                quote,
                comment,
                missing,
                trim,
                charset,
                maxBadShare,
                maxField,
                maxRecord,
                maxRatio,
                Header.AUTO);
    }

    /** A file with a header, commas and double quotes. */
    public static CsvFile of(Path path) {
        return new CsvFile(
                path, List.of(), ",", "\"", "", MissingMarkers.pandas(), true, "UTF-8", 0.01, 1 << 17, 1 << 20, 200);
    }

    /** Another file of this form. */
    public CsvFile withPath(Path other) {
        return new CsvFile(
                other,
                names,
                delimiter,
                quote,
                comment,
                missing,
                trim,
                charset,
                maxBadShare,
                maxField,
                maxRecord,
                maxRatio,
                header);
    }

    /** This file with another character between fields. */
    public CsvFile withDelimiter(String other) {
        return new CsvFile(
                path,
                names,
                other,
                quote,
                comment,
                missing,
                trim,
                charset,
                maxBadShare,
                maxField,
                maxRecord,
                maxRatio,
                header);
    }

    /** This file in another charset. */
    public CsvFile withCharset(String other) {
        return new CsvFile(
                path,
                names,
                delimiter,
                quote,
                comment,
                missing,
                trim,
                other,
                maxBadShare,
                maxField,
                maxRecord,
                maxRatio,
                header);
    }

    /** This file with the names of the columns in its first record. */
    public CsvFile withHeader() {
        return new CsvFile(
                path,
                List.of(),
                delimiter,
                quote,
                comment,
                missing,
                trim,
                charset,
                maxBadShare,
                maxField,
                maxRecord,
                maxRatio);
    }

    /** This file with other texts for missing values. */
    public CsvFile withMissing(String... texts) {
        return new CsvFile(
                path,
                names,
                delimiter,
                quote,
                comment,
                List.of(texts),
                trim,
                charset,
                maxBadShare,
                maxField,
                maxRecord,
                maxRatio,
                header);
    }

    /** This file without a header. */
    public CsvFile withNames(List<String> columns) {
        return new CsvFile(
                path,
                columns,
                delimiter,
                quote,
                comment,
                missing,
                trim,
                charset,
                maxBadShare,
                maxField,
                maxRecord,
                maxRatio,
                header);
    }

    /** This file with names instead of those in its first record. */
    public CsvFile withNamesInstead(List<String> columns) {
        return new CsvFile(
                path,
                columns,
                delimiter,
                quote,
                comment,
                missing,
                trim,
                charset,
                maxBadShare,
                maxField,
                maxRecord,
                maxRatio,
                Header.SKIP);
    }

    /** This file with comment lines. */
    public CsvFile withComment(String prefix) {
        return new CsvFile(
                path,
                names,
                delimiter,
                quote,
                prefix,
                missing,
                trim,
                charset,
                maxBadShare,
                maxField,
                maxRecord,
                maxRatio,
                header);
    }

    /** This file with other limits. */
    public CsvFile withLimits(double badShare, int field, int record, int ratio) {
        return new CsvFile(
                path, names, delimiter, quote, comment, missing, trim, charset, badShare, field, record, ratio, header);
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public TableReader open(Quarantine malformed) {
        BufferedReader in = TextFile.openMarking(path, Charset.forName(charset), maxRatio);
        CsvRecords records = new CsvRecords(this, in, bad -> malformed.add(path, bad));
        List<String> columns;
        try {
            columns = header(records);
        } catch (IOException e) {
            throw TextFile.failure(path, e);
        }
        records.expect(columns.size());
        Set<String> tokens = new HashSet<>(missing);
        return new TableReader() {
            private boolean first = true;

            @Override
            public List<String> names() {
                return columns;
            }

            @Override
            public @Nullable Entry next() throws IOException {
                CsvRecords.Fields record = records.next();
                if (record == null) {
                    return null;
                }
                if (first) {
                    requireData(record.fields());
                    first = false;
                }
                List<@Nullable String> values = new ArrayList<>(columns.size());
                record.fields().forEach(field -> values.add(value(field, tokens)));
                return new Entry(record.line(), values);
            }

            @Override
            public void close() throws IOException {
                in.close();
            }
        };
    }

    /** A first record that repeats the given names is a header. @throws CsvLayoutException that says so */
    public void requireData(List<String> first) {
        if (header == Header.AUTO
                && !names.isEmpty()
                && first.stream().map(String::strip).toList().equals(names)) {
            throw new CsvLayoutException(path
                    + ": the first record is the names of the columns: write header: skip beside names, or leave names"
                    + " out");
        }
    }

    private String hint(@Nullable Malformed first) {
        if (first == null) {
            return "";
        }
        String charsetHint = BadShare.charsetHint(first);
        if (!charsetHint.isEmpty()) {
            return charsetHint;
        }
        for (char other : DELIMITERS.toCharArray()) {
            boolean instead = !delimiter.equals(String.valueOf(other))
                    && first.reason().endsWith("received 1")
                    && names.size() > 1
                    && first.text().chars().filter(c -> c == other).count() >= names.size() - 1;
            if (instead) {
                return "; write delimiter: \"" + (other == '\t' ? "\\t" : String.valueOf(other)) + "\"";
            }
        }
        return "";
    }

    /** The names of the columns, behind which the records stand. */
    List<String> header(CsvRecords records) throws IOException {
        if (!names.isEmpty() && header == Header.AUTO) {
            return names;
        }
        CsvRecords.Fields first = records.header();
        if (!names.isEmpty()) {
            return names;
        }
        if (first == null) {
            throw new InputException("expected a header in " + path + ", received no record; check the file");
        }
        List<String> columns = first.fields().stream().map(String::strip).toList();
        CsvHeader.require(path, columns);
        if (columns.size() == 1) {
            requireDelimiter(columns.get(0));
        }
        return columns;
    }

    /** The mistake of a header that cannot be read. */
    InputException unreadable(Malformed first) {
        int shown = Math.min(first.text().length(), SHOWN);
        return new InputException("expected the names of the columns in " + path + ", line " + first.line()
                + ", received " + first.reason() + ": " + first.text().substring(0, shown)
                + (shown < first.text().length() ? "\u2026" : "")
                + (hint(first).isEmpty() ? "; check delimiter and quote, or mend the line" : hint(first)));
    }

    /** A header of one column that holds another delimiter is a file of another delimiter. */
    private void requireDelimiter(String column) {
        for (char other : DELIMITERS.toCharArray()) {
            if (column.indexOf(other) >= 0 && !delimiter.equals(String.valueOf(other))) {
                String shown = other == '\t' ? "\\t" : String.valueOf(other);
                throw new CsvLayoutException("expected columns divided by \"" + delimiter + "\" in " + path
                        + ", received one column \"" + column.replace("\t", "\\t") + "\": write delimiter: \"" + shown
                        + "\", or give names");
            }
        }
    }

    private @Nullable String value(String field, Set<String> tokens) {
        String text = trim ? field.strip() : field;
        return tokens.contains(text) ? null : text;
    }

    @Override
    public void requireGood(long bad, long good, @Nullable Malformed first, String details) {
        if (bad == 0 && good == 0) {
            throw new InputException("expected rows in " + path + ", received "
                    + (names.isEmpty() ? "a header and nothing behind it" : "none") + "; check the file");
        }
        BadShare.require(path.toString(), maxBadShare, bad, good, first, details + hint(first));
    }
}
