package dev.jumbo.data.table.read;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.error.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of Weka and OpenML (ARFF), compressed with gzip or not: {@code @attribute} lines name the columns, rows stand behind
 * {@code @data}. A question mark is a missing value. A value that is not in the list of its attribute makes its row
 * malformed; rows in the sparse form ({@code {1 x}}) are refused.
 */
@Kind("arff")
public record ArffFile(
        @Doc("The file; gzip is recognised.") Path path,
        @Doc("Charset by its IANA name.") @Default("UTF-8") String charset,

        @Doc("The share of malformed rows from which reading stops.") @Default("0.01")
        double maxBadShare,

        @Doc("Characters of the longest row allowed.") @Default("1048576")
        int maxRecord,

        @Doc("How many times larger than the file gzip content may be.") @Default("200")
        int maxRatio)
        implements StreamedSource {
    private record Attribute(String name, Set<String> values, boolean number) {}

    public ArffFile {
        if (!(maxBadShare >= 0 && maxBadShare <= 1) || maxRecord < 1 || maxRatio < 1) {
            throw new InputException("expected max_bad_share from 0 to 1 and max_record and max_ratio of 1 or more,"
                    + " received " + maxBadShare + ", " + maxRecord + " and " + maxRatio);
        }
        if (!Charset.isSupported(charset)) {
            throw new InputException("unknown charset \"" + charset + "\"; use a name such as UTF-8 or ISO-8859-1");
        }
    }

    /** With the default limits. */
    public static ArffFile of(Path path) {
        return new ArffFile(path, "UTF-8", 0.01, 1 << 20, 200);
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public List<String> missing() {
        return List.of("?");
    }

    @Override
    public TableReader open(Quarantine malformed) {
        BufferedReader in = TextFile.openMarking(path, Charset.forName(charset), maxRatio);
        LineReader lines = new LineReader(in, maxRecord);
        List<Attribute> attributes;
        try {
            attributes = attributes(lines);
        } catch (IOException e) {
            throw TextFile.failure(path, e);
        }
        List<String> names = attributes.stream().map(Attribute::name).toList();
        return new TableReader() {
            @Override
            public List<String> names() {
                return names;
            }

            @Override
            public @Nullable Entry next() throws IOException {
                for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                    String text = line.text().strip();
                    if (text.isEmpty() || text.startsWith("%")) {
                        continue;
                    }
                    if (text.startsWith("{")) {
                        throw new InputException(
                                path + ", line " + line.number() + ": expected rows of " + attributes.size()
                                        + " values, received one in the sparse form; save it in the dense one");
                    }
                    List<@Nullable String> values = line.tooLong() || TextFile.isBroken(text) ? null : values(text);
                    String reason = line.tooLong()
                            ? "a record of more than " + maxRecord + " characters"
                            : TextFile.isBroken(text)
                                    ? BadShare.notIn(charset)
                                    : values == null ? "a quote that is not closed" : misfit(attributes, values);
                    if (values != null && reason == null) {
                        return new Entry(line.number(), values, numbers(attributes, values));
                    }
                    malformed.add(
                            path, new Malformed(line.number(), String.valueOf(reason), TextFile.shown(line.text())));
                }
                return null;
            }

            @Override
            public void close() throws IOException {
                in.close();
            }
        };
    }

    @Override
    public void requireGood(long bad, long good, @Nullable Malformed first, String details) {
        BadShare.require(
                path.toString(),
                maxBadShare,
                bad,
                good,
                first,
                details + (first == null ? "" : BadShare.charsetHint(first)));
    }

    private List<Attribute> attributes(LineReader lines) throws IOException {
        List<Attribute> attributes = new ArrayList<>();
        for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
            String text = line.text().strip();
            String lower = text.toLowerCase(Locale.ROOT);
            if (lower.startsWith("@attribute") && TextFile.isBroken(text)) {
                Malformed first = new Malformed(line.number(), BadShare.notIn(charset), TextFile.shown(text));
                throw new InputException("expected @attribute NAME TYPE in " + path + ", line " + line.number()
                        + ", received " + first.reason() + ": " + first.text() + BadShare.charsetHint(first));
            }
            if (lower.startsWith("@attribute")) {
                attributes.add(attribute(text.substring("@attribute".length()).strip(), line.number()));
            } else if (lower.startsWith("@data") && !attributes.isEmpty()) {
                return attributes;
            } else if (!text.isEmpty() && !text.startsWith("%") && !lower.startsWith("@relation")) {
                throw new InputException(path + ", line " + line.number()
                        + ": expected @relation, @attribute or @data, received \"" + TextFile.shown(text) + "\"");
            }
        }
        throw new InputException("expected @attribute lines and @data in " + path + ", found none; is it ARFF?");
    }

    /** {@code name type}, where the name may be quoted and the type may be a list of values. */
    private Attribute attribute(String text, long line) {
        char quote = text.isEmpty() ? ' ' : text.charAt(0);
        boolean quoted = quote == '\'' || quote == '"';
        int end = quoted ? text.indexOf(quote, 1) : first(text, " \t{");
        if (end <= 0) {
            throw new InputException(
                    path + ", line " + line + ": expected @attribute NAME TYPE, received \"" + text + "\"");
        }
        String name = quoted ? text.substring(1, end) : text.substring(0, end);
        String type = text.substring(quoted ? end + 1 : end).strip();
        if (!type.startsWith("{")) {
            String kind = type.toLowerCase(Locale.ROOT);
            return new Attribute(name, Set.of(), kind.matches("(numeric|real|integer)\\b.*"));
        }
        List<@Nullable String> values = type.endsWith("}") ? values(type.substring(1, type.length() - 1)) : null;
        if (values == null) {
            throw new InputException(path + ", line " + line + ": expected a list of values in { }, received " + type);
        }
        Set<String> known = new HashSet<>();
        values.forEach(value -> known.add(String.valueOf(value)));
        return new Attribute(name, known, false);
    }

    /** Which values are numbers, as their attribute says: these have a decimal point by the format. */
    private static BitSet numbers(List<Attribute> attributes, List<@Nullable String> values) {
        BitSet numbers = new BitSet(values.size());
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i);
            numbers.set(i, attributes.get(i).number() && value != null && !Double.isNaN(Numbers.parse(value)));
        }
        return numbers;
    }

    private static int first(String text, String marks) {
        for (int i = 0; i < text.length(); i++) {
            if (marks.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable String misfit(List<Attribute> attributes, List<@Nullable String> values) {
        if (values.size() != attributes.size()) {
            return "expected " + attributes.size() + " fields, received " + values.size();
        }
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i);
            Attribute attribute = attributes.get(i);
            if (value != null
                    && !attribute.values().isEmpty()
                    && !attribute.values().contains(value)) {
                return "a value of " + attribute.name() + " that its attribute does not list";
            }
        }
        return null;
    }

    /** Values between commas, in quotes or not, with backslashes before quotes; null if a quote is not closed. */
    private static @Nullable List<@Nullable String> values(String text) {
        List<@Nullable String> values = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        char quote = 0;
        boolean wasQuoted = false;
        boolean blank = true; // so far: asked of the value itself at each quote, it would take quadratic time
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ',';
            if (quote != 0 && i == text.length()) {
                return null;
            }
            if (quote != 0) {
                if (c == '\\' && i + 1 < text.length()) {
                    value.append(text.charAt(++i));
                } else if (c == quote) {
                    quote = 0;
                } else {
                    value.append(c);
                }
            } else if ((c == '\'' || c == '"') && blank && !wasQuoted) {
                quote = c;
                wasQuoted = true;
                value.setLength(0);
            } else if (c == ',') {
                String plain = wasQuoted ? value.toString() : value.toString().strip();
                values.add(!wasQuoted && (plain.equals("?") || plain.isEmpty()) ? null : plain);
                value.setLength(0);
                wasQuoted = false;
                blank = true;
            } else if (!wasQuoted || !Character.isWhitespace(c)) {
                value.append(c);
                blank &= Character.isWhitespace(c);
            }
        }
        return values;
    }
}
