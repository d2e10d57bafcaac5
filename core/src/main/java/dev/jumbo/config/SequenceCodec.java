package dev.jumbo.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lists and arrays.
 *
 * @param array the type of an array's elements, or null for a list
 */
record SequenceCodec(Codec element, @Nullable Class<?> array) implements Codec {
    @Override
    public Object read(JsonNode node, Place at) {
        if (!node.isArray()) {
            String one = node.isTextual() && node.textValue().matches("[\\w.-]+")
                    ? "; write [" + node.textValue() + "]"
                    : "";
            throw at.error("expected a list, as in [a, b], received " + Codec.shown(node) + one);
        }
        List<Object> values = new ArrayList<>();
        for (JsonNode child : node) {
            values.add(element.read(child, at.child(Integer.toString(values.size()))));
        }
        if (array == null) {
            return List.copyOf(values);
        }
        Object result = Array.newInstance(array, values.size());
        for (int i = 0; i < values.size(); i++) {
            Array.set(result, i, values.get(i));
        }
        return result;
    }

    @Override
    public JsonNode write(Object value) {
        ArrayNode node = JsonNodeFactory.instance.arrayNode();
        if (value instanceof List<?> list) {
            list.forEach(v -> node.add(element.write(v)));
        } else {
            for (int i = 0; i < Array.getLength(value); i++) {
                node.add(element.write(Array.get(value, i)));
            }
        }
        return node;
    }

    @Override
    public Map<String, Codec> children() {
        return element.children();
    }

    @Override
    public ObjectNode schema(JsonSchema schemas) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "array");
        schema.set("items", element.schema(schemas));
        return schema;
    }
}
