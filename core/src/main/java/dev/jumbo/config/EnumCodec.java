package dev.jumbo.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.Nearest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Constants by their names in lower case: {@code RELU} is {@code relu}. */
record EnumCodec(Map<String, Object> constants) implements Codec {
    static EnumCodec of(Class<?> type) {
        Map<String, Object> constants = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            constants.put(name(constant), constant);
        }
        return new EnumCodec(constants);
    }

    private static String name(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Object read(JsonNode node, Place at) {
        // YAML's true is no text, even where it is one of several words.
        if (!node.isTextual() && !(node.isBoolean() && constants.containsKey(node.asText()))) {
            throw at.error("expected one of " + constants.keySet() + ", received " + Codec.shown(node));
        }
        Object constant = constants.get(node.asText());
        if (constant == null) {
            throw at.error("expected one of " + constants.keySet() + ", received " + Codec.shown(node)
                    + Nearest.to(node.asText(), constants.keySet())
                            .map(n -> "; did you mean \"" + n + "\"?")
                            .orElse(""));
        }
        return constant;
    }

    @Override
    public JsonNode write(Object value) {
        return JsonNodeFactory.instance.textNode(name(value));
    }

    @Override
    public ObjectNode schema(JsonSchema schemas) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        constants.keySet().forEach(schema.putArray("enum")::add);
        return schema;
    }
}
