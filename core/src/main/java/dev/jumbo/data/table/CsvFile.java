package dev.jumbo.data.table;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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

        @Doc("Texts that stand for a missing value.") @Default("[\"\"]")
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
        int maxRatio)
        implements StreamedSource {

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
        if (!Charset.isSupported(charset)) {
            throw new InputException("unknown charset \"" + charset + "\"; use a name such as UTF-8 or ISO-8859-1");
        }
    }

    /** A file with a header, commas and double quotes. */
    public static CsvFile of(Path path) {
        return new CsvFile(path, List.of(), ",", "\"", "", List.of(""), true, "UTF-8", 0.01, 1 << 17, 1 << 20, 200);
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
                maxRatio);
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
                maxRatio);
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
                maxRatio);
    }

    /** This file with other limits. */
    public CsvFile withLimits(double badShare, int field, int record, int ratio) {
        return new CsvFile(
                path, names, delimiter, quote, comment, missing, trim, charset, badShare, field, record, ratio);
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public TableReader open(Quarantine malformed) {
        BufferedReader in = TextFile.open(path, Charset.forName(charset), maxRatio);
        CsvRecords records = new CsvRecords(this, in, bad -> malformed.add(path, bad));
        List<String> header;
        try {
            header = names.isEmpty() ? header(records) : names;
        } catch (IOException e) {
            throw TextFile.failure(path, e);
        }
        records.expect(header.size());
        Set<String> tokens = new HashSet<>(missing);
        return new TableReader() {
            @Override
            public List<String> names() {
                return header;
            }

            @Override
            public @Nullable Entry next() throws IOException {
                CsvRecords.Fields record = records.next();
                if (record == null) {
                    return null;
                }
                List<@Nullable String> values = new ArrayList<>(header.size());
                record.fields().forEach(field -> values.add(value(field, tokens)));
                return new Entry(record.line(), values);
            }

            @Override
            public void close() throws IOException {
                in.close();
            }
        };
    }

    List<String> header(CsvRecords records) throws IOException {
        CsvRecords.Fields header = records.next();
        if (header == null) {
            throw new InputException("expected a header in " + path + ", received no record; check the file");
        }
        List<String> columns = header.fields().stream().map(String::strip).toList();
        if (new HashSet<>(columns).size() != columns.size() || columns.contains("")) {
            throw new InputException("expected a different name for each column in the header of " + path
                    + ", received " + columns + "; give names");
        }
        return columns;
    }

    private @Nullable String value(String field, Set<String> tokens) {
        String text = trim ? field.strip() : field;
        return tokens.contains(text) ? null : text;
    }

    @Override
    public void requireGood(long bad, long good, @Nullable Malformed first, String details) {
        BadShare.require(path.toString(), maxBadShare, bad, good, first, details);
    }

    /** Whether text of this charset shows broken bytes as the replacement character. */
    boolean isUnicode() {
        return Charset.forName(charset).equals(StandardCharsets.UTF_8)
                || charset.toUpperCase(Locale.ROOT).startsWith("UTF");
    }
}
