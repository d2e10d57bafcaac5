package dev.jumbo.data.table.encode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.jumbo.config.json.JsonProblem;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table in JSON, for a {@link RowReader}: an object of columns, {@code {"age": 39, "plan": "gold"}}, or a list of
 * such objects.
 *
 * @param rows values by column: texts, numbers ({@link Long} or {@link Double}), truth values, null where missing
 * @param list whether they stood in a list
 */
public record RowJson(List<Map<String, @Nullable Object>> rows, boolean list) {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** As Python's json writes them in files of lines: NaN is missing, as where the file is read for training. */
    private static final JsonFactory LINES = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    /**
     * A line of a file, in which NaN is missing.
     *
     * @throws InputException as {@link #read}
     */
    public static RowJson line(String line) {
        return read(LINES, line.getBytes(StandardCharsets.UTF_8), false);
    }

    /**
     * As {@link #read}, of a model that takes lists of numbers beside texts: a list is its text, as where a file of lines is read.
     *
     * @throws InputException as {@link #read}, but for lists of numbers
     */
    public static RowJson records(byte[] json) {
        return read(FACTORY, json, true);
    }

    /** Whether a JSON text begins as an object or a list of objects does. */
    public static boolean isLikely(byte[] json) {
        boolean list = false;
        for (byte c : json) {
            if (c == '[' && !list) {
                list = true;
            } else if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return c == '{';
            }
        }
        return false;
    }

    /** @throws InputException if it is neither, or a value is no text, number, truth value or null */
    public static RowJson read(byte[] json) {
        return read(FACTORY, json, false);
    }

    private static RowJson read(JsonFactory factory, byte[] json, boolean lists) {
        try (JsonParser parser = factory.createParser(json)) {
            JsonToken first = parser.nextToken();
            List<Map<String, @Nullable Object>> rows = new ArrayList<>();
            boolean list = first == JsonToken.START_ARRAY;
            if (list) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    rows.add(row(parser, "row " + rows.size() + ": ", lists));
                }
            } else {
                rows.add(row(parser, "", lists));
            }
            if (parser.nextToken() != null) {
                throw new InputException("expected the end of the JSON, received more");
            }
            if (rows.isEmpty()) {
                throw new InputException("expected at least one object of columns in the list, received none");
            }
            return new RowJson(rows, list);
        } catch (IOException e) {
            throw new InputException("expected a JSON object of columns: " + JsonProblem.of(e), e);
        }
    }

    private static Map<String, @Nullable Object> row(JsonParser parser, String place, boolean lists)
            throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new InputException(place + "expected a JSON object as in {\"age\": 39}, or a list of such objects,"
                    + " received " + (parser.currentToken() == null ? "nothing" : parser.getText()));
        }
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String column = parser.currentName();
            JsonToken token = parser.nextToken();
            String where = place + "column " + column;
            row.put(
                    column,
                    lists && token == JsonToken.START_ARRAY ? list(parser, where) : value(parser, token, where));
        }
        return row;
    }

    private static String list(JsonParser parser, String place) throws IOException {
        List<@Nullable Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Object value = value(parser, parser.currentToken(), place);
            if (!(value instanceof Number)) {
                throw new InputException(place + ": expected numbers in the list, received " + parser.getText());
            }
            values.add(value);
        }
        return values.toString();
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token, String place) throws IOException {
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_TRUE, VALUE_FALSE -> token == JsonToken.VALUE_TRUE;
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                if (token == JsonToken.VALUE_NUMBER_INT
                        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                    yield parser.getLongValue();
                }
                double value = parser.getDoubleValue();
                if (Double.isNaN(value)) {
                    yield null;
                }
                if (Double.isInfinite(value)) {
                    throw new InputException(place + ": expected a number up to 1.8e308, received " + parser.getText());
                }
                yield value;
            }
            default ->
                throw new InputException(
                        place + ": expected a number, a text, true, false or null, received " + token.asString());
        };
    }
}
