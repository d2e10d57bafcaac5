package dev.jumbo.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Mappings with keys of the user's choice. Read in the file's order and written in it, as the order may mean something: of
 * inputs, of models. Of a map that has no order, in that of its keys, which no run changes.
 */
record MapCodec(Codec element) implements Codec {
    @Override
    public Object read(JsonNode node, Place at) {
        if (!node.isObject()) {
            throw at.error("expected a mapping, as in {key: value}, received " + Codec.shown(node));
        }
        Map<String, Object> values = new LinkedHashMap<>();
        node.fields().forEachRemaining(e -> values.put(e.getKey(), element.read(e.getValue(), at.child(e.getKey()))));
        return Collections.unmodifiableMap(values);
    }

    @Override
    public JsonNode write(Object value) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        Map<?, ?> map = (Map<?, ?>) value;
        Map<String, Object> ordered = hasOrder(map) ? new LinkedHashMap<>() : new TreeMap<>();
        map.forEach((k, v) -> ordered.put((String) k, v));
        ordered.forEach((k, v) -> node.set(k, element.write(v)));
        return node;
    }

    /** Not those of {@code Map.of} and {@code Map.copyOf}, which iterate otherwise in each process, and no hash map. */
    private static boolean hasOrder(Map<?, ?> map) {
        return map.getClass() != HashMap.class && Map.copyOf(map) != map;
    }

    @Override
    public Map<String, Codec> children() {
        return element.children();
    }

    @Override
    public ObjectNode schema(JsonSchema schemas) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        schema.set("additionalProperties", element.schema(schemas));
        return schema;
    }
}
