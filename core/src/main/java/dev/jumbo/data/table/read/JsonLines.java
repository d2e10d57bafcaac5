package dev.jumbo.data.table.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.table.ColumnNote;
import dev.jumbo.error.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object a line (UTF-8, compressed with gzip or not). Texts are values as they are, numbers as they are written,
 * booleans {@code true} and {@code false}; null, NaN, keys that are not there and texts that stand for nothing are missing,
 * Infinity is infinite: what Python's {@code json} writes is read as pandas's {@code read_json(lines=True)} reads it. Lists
 * and objects are their JSON, and their columns are said to hold them.
 *
 * <p>A line that is no object, has a key twice or one that is not among the given names, has something behind its object, or
 * is over the limit is malformed. Blank lines are no records.
 */
@Kind("json_lines")
public record JsonLines(
        @Doc("The file; gzip is recognised.") Path path,

        @Doc("Names of the columns; empty: the keys of all lines, in the order in which they appear.") @Default("[]")
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
    /** Keys of all lines together: more are data and no names of columns. */
    private static final int MOST_COLUMNS = 10_000;

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

    /** The same file with these texts, and null, for missing values. */
    public JsonLines withMissing(String... texts) {
        return new JsonLines(path, names, maxBadShare, maxLine, maxRatio, List.of(texts));
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public TableReader open(Quarantine malformed) {
        try {
            Map<String, ColumnNote> notes = new HashMap<>();
            List<String> columns = names.isEmpty() ? keys(notes) : names;
            return new Reader(columns, notes, TextFile.openMarking(path, StandardCharsets.UTF_8, maxRatio), malformed);
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

    /** Of all lines that are objects, in the order in which they appear, as pandas has them. */
    private List<String> keys(Map<String, ColumnNote> notes) throws IOException {
        Set<String> keys = new LinkedHashSet<>();
        try (BufferedReader in = TextFile.open(path, StandardCharsets.UTF_8, maxRatio)) {
            LineReader lines = new LineReader(in, maxLine);
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                JsonNode node = line.tooLong() || line.text().isBlank() || TextFile.isBroken(line.text())
                        ? null
                        : JsonLine.of(line.text()).node();
                if (node == null) {
                    continue;
                }
                node.fieldNames().forEachRemaining(keys::add);
                noteNested(node, line.number(), notes);
                if (keys.size() > MOST_COLUMNS) {
                    throw new InputException(String.format(
                            Locale.ROOT,
                            "expected the same few keys in the lines of %s, received more than %,d different ones up to"
                                    + " line %d: are they data? Give names: [...] of the columns",
                            path,
                            MOST_COLUMNS,
                            line.number()));
                }
            }
        }
        if (keys.isEmpty()) {
            throw new InputException("expected a JSON object in a line of " + path + ", received none; check the file");
        }
        return List.copyOf(keys);
    }

    private static void noteNested(JsonNode node, long line, Map<String, ColumnNote> notes) {
        node.fields().forEachRemaining(field -> {
            if (field.getValue().isContainerNode()) {
                notes.computeIfAbsent(
                        field.getKey(),
                        key -> ColumnNote.nested((field.getValue().isArray() ? "lists" : "objects")
                                + " of JSON, the first in line " + line));
            }
        });
    }

    private final class Reader implements TableReader {
        private final List<String> columns;
        private final Set<String> known;
        private final Map<String, ColumnNote> notes;
        private final BufferedReader in;
        private final LineReader lines;
        private final Quarantine malformed;

        private Reader(List<String> columns, Map<String, ColumnNote> notes, BufferedReader in, Quarantine malformed) {
            this.notes = notes;
            this.columns = columns;
            known = Set.copyOf(columns);
            this.in = in;
            this.malformed = malformed;
            lines = new LineReader(in, maxLine);
        }

        @Override
        public List<String> names() {
            return columns;
        }

        @Override
        public @Nullable ColumnNote note(int column) {
            return notes.get(columns.get(column));
        }

        @Override
        public @Nullable Entry next() throws IOException {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                if (line.text().isBlank()) {
                    continue;
                }
                boolean broken = TextFile.isBroken(line.text());
                JsonLine read = line.tooLong() || broken ? new JsonLine(null, null) : JsonLine.of(line.text());
                JsonNode node = read.node();
                String reason = line.tooLong()
                        ? "a line of more than " + maxLine + " characters"
                        : broken ? BadShare.notIn("UTF-8") : node == null ? read.reason() : unknown(node);
                if (node != null && reason == null) {
                    noteNested(node, line.number(), notes);
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
                if (!known.contains(name)) {
                    return "a key \"" + name + "\" that is no column";
                }
            }
            return null;
        }

        private @Nullable String text(@Nullable JsonNode value) {
            if (value == null || value.isNull() || value.isDouble() && Double.isNaN(value.doubleValue())) {
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
