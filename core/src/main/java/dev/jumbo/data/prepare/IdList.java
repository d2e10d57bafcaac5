package dev.jumbo.data.prepare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** A list of ids as JSON and DuckDB write it, {@code [3, 14, 15]}; 64 bits each. */
final class IdList {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private IdList() {}

    /** Null where a text is no such list, or has an id that is not from 0 to below the vocabulary. */
    static long @Nullable [] parse(String text, long vocabulary) {
        JsonNode list;
        try {
            list = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
        if (list == null || !list.isArray()) {
            return null;
        }
        long[] ids = new long[list.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode id = list.get(i);
            ids[i] = id.isIntegralNumber() && id.canConvertToLong() ? id.longValue() : -1;
            if (ids[i] < 0 || ids[i] >= vocabulary) {
                return null;
            }
        }
        return ids;
    }
}
