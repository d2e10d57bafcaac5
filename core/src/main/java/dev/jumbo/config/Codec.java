package dev.jumbo.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Values of one Java type to and from trees. */
interface Codec {
    /** @throws dev.jumbo.error.InputException with the place, what was expected and what received */
    Object read(JsonNode node, Place at);

    JsonNode write(Object value);

    /** What it is made of, by key or kind; lists and maps are seen through. */
    default Map<String, Codec> children() {
        return Map.of();
    }

    /** What the type looks like in a file, as JSON Schema. */
    ObjectNode schema(JsonSchema schemas);

    /** The node as an error shows it: short, and "nothing" for null. */
    static String shown(JsonNode node) {
        if (node.isNull() || node.isMissingNode()) {
            return "nothing";
        }
        String text = node.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
