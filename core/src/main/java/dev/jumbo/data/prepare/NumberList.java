package dev.jumbo.data.prepare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** A list of numbers as JSON and DuckDB write it, {@code [3, 14.5]}. */
final class NumberList {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private NumberList() {}

    /** Null where a text is no such list, or a number is not finite as float32. */
    static float @Nullable [] parse(String text) {
        JsonNode list;
        try {
            list = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
        if (list == null || !list.isArray()) {
            return null;
        }
        float[] numbers = new float[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).isNumber() ? list.get(i).floatValue() : Float.NaN;
            if (!Float.isFinite(numbers[i])) {
                return null;
            }
        }
        return numbers;
    }
}
