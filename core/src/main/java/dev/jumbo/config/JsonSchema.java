package dev.jumbo.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The shared definitions of a JSON Schema (draft 2020-12) while it is made. */
final class JsonSchema {
    private final Map<String, ObjectNode> definitions = new TreeMap<>();

    /** A reference to a definition, which is made when it is first asked for; it may refer to itself. */
    ObjectNode definition(String name, Function<JsonSchema, ObjectNode> make) {
        if (!definitions.containsKey(name)) {
            definitions.put(name, JsonNodeFactory.instance.objectNode());
            definitions.put(name, make.apply(this));
        }
        return JsonNodeFactory.instance.objectNode().put("$ref", "#/$defs/" + name);
    }

    /** The whole schema of a document. */
    static ObjectNode of(String title, Codec root) {
        JsonSchema schemas = new JsonSchema();
        ObjectNode reference = root.schema(schemas);
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", title);
        schema.setAll(reference);
        ObjectNode definitions = schema.putObject("$defs");
        schemas.definitions.forEach(definitions::set);
        return schema;
    }
}
