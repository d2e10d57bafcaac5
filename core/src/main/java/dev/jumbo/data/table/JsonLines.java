package dev.jumbo.data.table;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object a line (UTF-8, compressed with gzip or not). Texts are values as they are, numbers as they are written,
 * booleans {@code true} and {@code false}, lists and objects their JSON; null, keys that are not there and texts that
 * stand for nothing are missing.
 *
 * <p>A line that is no object, has a key that is no column, or is over the limit is malformed. Blank lines are no records.
 */
@Kind("json_lines")
public record JsonLines(
        @Doc("The file; gzip is recognised.") Path path,

        @Doc("Names of the columns; empty: the keys of the first line.") @Default("[]")
        List<String> names,

        @Doc("The share of malformed lines from which reading stops.") @Default("0.01")
        double maxBadShare,

        @Doc("Characters of the longest line allowed.") @Default("1048576")
        int maxLine,

        @Doc("How many times larger than the file gzip content may be.") @Default("200")
        int maxRatio,

        @Doc("Texts that stand for a missing value; by default those of pandas.") @Default(MissingMarkers.DEFAULT)
        List<String> missing)
        implements StreamedSource {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));

    public JsonLines {
        names = List.copyOf(names);
        missing = List.copyOf(missing);
        if (!(maxBadShare >= 0 && maxBadShare <= 1) || maxLine < 1 || maxRatio < 1) {
            throw new InputException("expected max_bad_share from 0 to 1 and max_line and max_ratio of 1 or more,"
                    + " received " + maxBadShare + ", " + maxLine + " and " + maxRatio);
        }
    }

    /** With pandas's texts for missing values. */
    public JsonLines(Path path, List<String> names, double maxBadShare, int maxLine, int maxRatio) {
        this(path, names, maxBadShare, maxLine, maxRatio, MissingMarkers.pandas());
    }

    /** With the default limits. */
    public static JsonLines of(Path path) {
        return new JsonLines(path, List.of(), 0.01, 1 << 20, 200);
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public TableReader open(Quarantine malformed) {
        try {
            List<String> columns = names.isEmpty() ? keys() : names;
            return new Reader(columns, TextFile.openMarking(path, StandardCharsets.UTF_8, maxRatio), malformed);
        } catch (IOException e) {
            throw TextFile.failure(path, e);
        }
    }

    @Override
    public void requireGood(long bad, long good, @Nullable Malformed first, String details) {
        BadShare.require(path.toString(), maxBadShare, bad, good, first, details + hint(first));
    }

    /** JSON has one charset only (RFC 8259). */
    private static String hint(@Nullable Malformed first) {
        return first == null || BadShare.charsetHint(first).isEmpty()
                ? ""
                : "; JSON is UTF-8: convert the file, as iconv -f windows-1252 -t UTF-8 does";
    }

    /** Of the first line that is an object. */
    private List<String> keys() throws IOException {
        try (BufferedReader in = TextFile.open(path, StandardCharsets.UTF_8, maxRatio)) {
            LineReader lines = new LineReader(in, maxLine);
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                JsonNode node = line.tooLong() ? null : object(line.text());
                if (node != null) {
                    List<String> keys = new ArrayList<>();
                    node.fieldNames().forEachRemaining(keys::add);
                    return keys;
                }
            }
        }
        throw new InputException("expected a JSON object in a line of " + path + ", received none; check the file");
    }

    private static @Nullable JsonNode object(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            return node != null && node.isObject() ? node : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private final class Reader implements TableReader {
        private final List<String> columns;
        private final BufferedReader in;
        private final LineReader lines;
        private final Quarantine malformed;

        private Reader(List<String> columns, BufferedReader in, Quarantine malformed) {
            this.columns = columns;
            this.in = in;
            this.malformed = malformed;
            lines = new LineReader(in, maxLine);
        }

        @Override
        public List<String> names() {
            return columns;
        }

        @Override
        public @Nullable Entry next() throws IOException {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                if (line.text().isBlank()) {
                    continue;
                }
                JsonNode node = line.tooLong() ? null : object(line.text());
                String reason = line.tooLong()
                        ? "a line of more than " + maxLine + " characters"
                        : TextFile.isBroken(line.text())
                                ? BadShare.notIn("UTF-8")
                                : node == null ? "not a JSON object" : unknown(node);
                if (node != null && reason == null) {
                    List<@Nullable String> values = new ArrayList<>(columns.size());
                    BitSet numbers = new BitSet(columns.size());
                    for (String name : columns) {
                        JsonNode value = node.get(name);
                        numbers.set(values.size(), value != null && value.isNumber());
                        values.add(text(value));
                    }
                    return new Entry(line.number(), values, numbers);
                }
                malformed.add(path, new Malformed(line.number(), String.valueOf(reason), TextFile.shown(line.text())));
            }
            return null;
        }

        private @Nullable String unknown(JsonNode node) {
            for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (!columns.contains(name)) {
                    return "a key \"" + name + "\" that is no column";
                }
            }
            return null;
        }

        private @Nullable String text(@Nullable JsonNode value) {
            if (value == null || value.isNull()) {
                return null;
            }
            String text = value.isValueNode() ? value.asText() : value.toString();
            return value.isTextual() && missing.contains(text.strip()) ? null : text;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
