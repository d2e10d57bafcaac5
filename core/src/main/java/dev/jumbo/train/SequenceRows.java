package dev.jumbo.train;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jumbo.config.json.JsonProblem;
import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a ragged input as callers have them, each of as many steps as it has.
 *
 * @param rows for each a {@code long[]} of ids or a row-major {@code float[]} of numbers
 * @param list whether they stood in a list
 */
public record SequenceRows(List<Object> rows, boolean list) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads {@code [5, 3, 9]}, {@code {"tokens": [5, 3, 9]}} by the field's name, or a list of either, one a row.
     *
     * @throws InputException if it is none of these
     */
    public static SequenceRows read(byte[] json, Field field) {
        JsonNode all = parse(json);
        int deep = field.shape().rank();
        boolean list = all.isArray() && (all.size() > 0 && all.get(0).isObject() || depth(all) > deep);
        if (!list) {
            return new SequenceRows(List.of(row(all, field, "")), false);
        }
        List<Object> rows = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            rows.add(row(all.get(i), field, "row " + i + ": "));
        }
        return new SequenceRows(rows, true);
    }

    private static JsonNode parse(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (MismatchedInputException e) {
            throw new InputException("expected the end of the JSON, received more", e);
        } catch (IOException e) {
            throw new InputException("expected JSON: " + JsonProblem.of(e), e);
        }
    }

    private static int depth(JsonNode node) {
        int depth = 0;
        for (JsonNode n = node; n != null && n.isArray(); n = n.get(0)) {
            depth++;
        }
        return depth;
    }

    private static Object row(JsonNode node, Field field, String place) {
        JsonNode steps = node;
        if (node.isObject()) {
            steps = node.get(field.name());
            if (steps == null) {
                List<String> names = new ArrayList<>();
                node.fieldNames().forEachRemaining(names::add);
                throw new InputException(place + "expected a list as \"" + field.name() + "\", received " + names);
            }
        }
        boolean ids = field.dtype() == DType.INT64;
        if (!steps.isArray()) {
            throw new InputException(place + "expected a list of " + (ids ? "ids" : "numbers") + " as in "
                    + (ids ? "[5, 3, 9]" : "[[0.5, 1], [2, 0.1]]") + " for \"" + field.name() + "\", received "
                    + shown(steps));
        }
        List<JsonNode> values = new ArrayList<>();
        flatten(steps, 1, field, place, values);
        long[] longs = new long[ids ? values.size() : 0];
        float[] floats = new float[ids ? 0 : values.size()];
        for (int i = 0; i < values.size(); i++) {
            JsonNode value = values.get(i);
            boolean fits = ids
                    ? value.isIntegralNumber() && value.canConvertToLong()
                    : value.isNumber() && Float.isFinite(value.floatValue());
            if (!fits) {
                throw new InputException(place + "expected " + (ids ? "whole numbers" : "numbers up to 3.4e38")
                        + " in \"" + field.name() + "\", received " + shown(value) + " at " + i);
            }
            if (ids) {
                longs[i] = value.longValue();
            } else {
                floats[i] = value.floatValue();
            }
        }
        return ids ? longs : floats;
    }

    private static void flatten(JsonNode list, int depth, Field field, String place, List<JsonNode> into) {
        int rank = field.shape().rank();
        for (JsonNode each : list) {
            if (each.isArray() != depth < rank) {
                throw new InputException(place + "expected lists nested as " + field.shape() + " for \"" + field.name()
                        + "\", received " + shown(each) + " at depth " + depth);
            }
            if (each.isArray()) {
                if (each.size() != field.shape().size(depth)) {
                    throw new InputException(place + "expected " + field.shape().size(depth)
                            + " values in each list of \"" + field.name() + "\", received " + each.size());
                }
                flatten(each, depth + 1, field, place, into);
            } else {
                into.add(each);
            }
        }
    }

    private static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() > 40 ? text.substring(0, 40) + "..." : text;
    }

    /**
     * The rows as a raw column.
     *
     * @param rows for each a {@code long[]} of ids, or a {@code float[]} of numbers
     * @throws InputException if there is none, one is empty or longer than the field says, or an id is none of the vocabulary
     */
    public static Column column(Field field, List<? extends @Nullable Object> rows) {
        if (rows.isEmpty()) {
            throw new InputException("expected one row or more to predict, received none");
        }
        boolean ids = field.dtype() == DType.INT64;
        long[][] longs = new long[ids ? rows.size() : 0][];
        float[][] floats = new float[ids ? 0 : rows.size()][];
        for (int i = 0; i < rows.size(); i++) {
            String place = rows.size() == 1 ? "" : "row " + i + ": ";
            if (ids && rows.get(i) instanceof long[] row) {
                requireSteps(field, row.length, place);
                requireIds(field, row, place);
                longs[i] = row;
            } else if (!ids && rows.get(i) instanceof float[] row) {
                requireSteps(field, row.length, place);
                floats[i] = row;
            } else {
                throw new InputException(place + "expected " + (ids ? "long[]" : "float[]") + " for " + field.name());
            }
        }
        return ids ? RaggedDataset.column(field, longs) : RaggedDataset.column(field, floats);
    }

    private static void requireSteps(Field field, int values, String place) {
        int unit = field.unit();
        long longest = field.shape().size(0);
        if (values == 0 || values % unit != 0 || values / unit > longest) {
            throw new InputException(place + "expected 1 to " + longest + " steps"
                    + (unit == 1 ? "" : " of " + unit + " values") + " in \"" + field.name() + "\", received "
                    + (values == 0 ? "none" : values % unit == 0 ? values / unit : values + " values")
                    + "; shorten the row, or leave it out");
        }
    }

    /** @throws InputException if an id is none of the field's vocabulary, where that is known */
    static void requireIds(Field field, long[] ids, String place) {
        if (!(field.meaning() instanceof Meaning.Tokens tokens) || tokens.vocabulary() == 0) {
            return;
        }
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= tokens.vocabulary()) {
                throw new InputException(place + "expected ids from 0 to " + (tokens.vocabulary() - 1) + " in \""
                        + field.name() + "\", received " + ids[i] + " at " + i);
            }
        }
    }
}
