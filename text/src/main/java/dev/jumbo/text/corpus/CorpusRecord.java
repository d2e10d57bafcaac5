package dev.jumbo.text.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An object of a file. @param where its file and line, for errors */
public record CorpusRecord(JsonNode node, String where) {
    private static final int SHOWN = 60;

    /** The value of a key, or null where there is none or it is null. */
    public @Nullable JsonNode get(String key) {
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? null : value;
    }

    /** @throws InputException if there is none */
    public JsonNode require(String key) {
        JsonNode value = get(key);
        if (value == null) {
            throw wrong("a value of \"" + key + "\"", node.has(key) ? "null" : "the keys " + keys());
        }
        return value;
    }

    /** @throws InputException if there is none, or it is no text */
    public String text(String key) {
        JsonNode value = require(key);
        if (!value.isTextual()) {
            throw wrong("a text in \"" + key + "\"", shown(value));
        }
        return value.textValue();
    }

    /** The keys that there are. */
    public List<String> keys() {
        List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /** A refusal that says where. */
    public InputException wrong(String expected, String received) {
        return new InputException(where + ": expected " + expected + ", received " + received);
    }

    /** A value for a message, shortened. */
    public static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
