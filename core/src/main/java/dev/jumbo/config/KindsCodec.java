package dev.jumbo.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.Nearest;
import java.util.Map;
import java.util.Map.Entry;

/**
 * One of several records, chosen by its {@link Kind}. Nothing that is not in the list is ever made: no class names come
 * from files.
 *
 * @param noun what the records have in common, as errors say it: "layer"
 * @param kinds by name
 * @param open whether a {@link KindProvider} may add others
 */
record KindsCodec(String noun, Map<String, RecordCodec> kinds, boolean open) implements Codec {
    @Override
    public Object read(JsonNode node, Place at) {
        if (node.isTextual()) {
            return kind(node.textValue(), at).readBody(JsonNodeFactory.instance.nullNode(), at.child(node.textValue()));
        }
        if (!node.isObject() || node.size() != 1) {
            throw at.error("expected a " + noun + " by name, as in \"name\" or {name: {key: value}}, received "
                    + Codec.shown(node));
        }
        Entry<String, JsonNode> entry = node.fields().next();
        Place inside = at.child(entry.getKey());
        return kind(entry.getKey(), inside).readBody(entry.getValue(), inside);
    }

    private RecordCodec kind(String name, Place at) {
        RecordCodec codec = kinds.get(name);
        if (codec == null) {
            String hint = Nearest.hint(name, kinds.keySet());
            boolean own = open && !hint.contains("did you mean");
            throw at.error("unknown " + noun + " \"" + name + "\"" + hint
                    + (own
                            ? "; a kind of your own needs its jar on the class path (JUMBO_CLASS_PATH, docs/extending.md)"
                            : ""));
        }
        return codec;
    }

    /** {@code {name: {key: value}}}, or the bare name of a record without components. */
    @Override
    public JsonNode write(Object value) {
        for (Entry<String, RecordCodec> kind : kinds.entrySet()) {
            if (kind.getValue().type() == value.getClass()) {
                JsonNode body = kind.getValue().write(value);
                return body.isEmpty()
                        ? JsonNodeFactory.instance.textNode(kind.getKey())
                        : JsonNodeFactory.instance.objectNode().set(kind.getKey(), body);
            }
        }
        throw new UnknownKindException(noun, value);
    }

    @Override
    public Map<String, Codec> children() {
        return Map.copyOf(kinds);
    }

    @Override
    public ObjectNode schema(JsonSchema schemas) {
        return schemas.definition(noun, this::definition);
    }

    private ObjectNode definition(JsonSchema schemas) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        ArrayNode oneOf = schema.putArray("oneOf");
        ArrayNode bare = JsonNodeFactory.instance.arrayNode();
        kinds.forEach((name, codec) -> {
            if (codec.canBeBare()) {
                bare.add(name);
            }
            ObjectNode kind = oneOf.addObject().put("type", "object");
            codec.doc().ifPresent(doc -> kind.put("description", doc));
            kind.putObject("properties").set(name, codec.bodySchema(noun + "." + name, schemas));
            kind.putArray("required").add(name);
            kind.put("additionalProperties", false);
        });
        if (!bare.isEmpty()) {
            oneOf.addObject().set("enum", bare);
        }
        return schema;
    }
}
