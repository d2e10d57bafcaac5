package dev.jumbo.serve.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.serve.wire.Datatype;
import java.util.List;

/** The bodies of requests and answers as JSON Schema: those of the specification, with what this server adds. */
final class Schemas {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Schemas() {}

    static ObjectNode all() {
        ObjectNode all = JSON.objectNode();
        all.set("Error", object(List.of("error"), "error", text()));
        all.set("Any", JSON.objectNode().put("type", "object"));
        all.set("Empty", closed(object(List.of())));
        all.set("Nothing", JSON.objectNode().put("type", "object"));
        all.set("Text", text());
        all.set("Binary", text().put("contentEncoding", "binary"));
        all.set("Files", JSON.objectNode().put("type", "object"));
        all.set("Live", object(List.of("live"), "live", truth()));
        all.set("Ready", object(List.of("live", "ready"), "live", truth(), "ready", truth()));
        all.set("ModelReady", object(List.of("name", "ready"), "name", text(), "ready", truth()));
        all.set(
                "ServerMetadata",
                object(
                        List.of("name", "version", "extensions"),
                        "name",
                        text(),
                        "version",
                        text(),
                        "extensions",
                        list(text())));
        ObjectNode tensor = object(
                List.of("name", "datatype", "shape"),
                "name",
                text(),
                "datatype",
                datatype(),
                "shape",
                list(whole(-1)),
                "parameters",
                JSON.objectNode().put("type", "object"));
        all.set(
                "ModelMetadata",
                object(
                        List.of("name", "versions", "platform", "inputs", "outputs"),
                        "name",
                        text(),
                        "versions",
                        list(text()),
                        "platform",
                        text(),
                        "inputs",
                        list(tensor),
                        "outputs",
                        list(tensor.deepCopy()),
                        "properties",
                        texts()));
        infer(all);
        predict(all);
        all.set("RepositoryIndexRequest", closed(object(List.of(), "ready", truth())));
        all.set(
                "RepositoryIndex",
                list(object(
                        List.of("name", "version", "state", "reason"),
                        "name",
                        text(),
                        "version",
                        text(),
                        "state",
                        text(),
                        "reason",
                        text())));
        ObjectNode parameters = JSON.objectNode().put("type", "object");
        all.set("RepositoryLoadRequest", closed(object(List.of(), "parameters", parameters)));
        all.set(
                "RepositoryUnloadRequest",
                closed(object(List.of(), "parameters", closed(object(List.of(), "unload_dependents", truth())))));
        ModelSchemas.statistics(all);
        ModelSchemas.config(all);
        all.set("Canary", JSON.objectNode().put("type", "object"));
        return all;
    }

    private static void infer(ObjectNode all) {
        ObjectNode parameters = JSON.objectNode().put("type", "object");
        parameters.set("additionalProperties", JSON.objectNode().set("type", words("string", "number", "boolean")));
        all.set("Parameters", parameters);
        ObjectNode data = JSON.objectNode().put("type", "array").put("description", "Flat, or nested as the shape.");
        ObjectNode input = object(
                List.of("name", "shape", "datatype"),
                "name",
                text(),
                "shape",
                list(whole(0)),
                "datatype",
                datatype(),
                "parameters",
                ref("Parameters"),
                "data",
                data);
        ObjectNode output = object(List.of("name"), "name", text(), "parameters", ref("Parameters"));
        all.set(
                "InferRequest",
                closed(object(
                        List.of("inputs"),
                        "id",
                        text(),
                        "model_name",
                        text(),
                        "model_version",
                        text(),
                        "parameters",
                        ref("Parameters"),
                        "inputs",
                        list(closed(input)),
                        "outputs",
                        list(closed(output)))));
        all.set(
                "InferAnswer",
                object(
                        List.of("model_name", "model_version", "outputs"),
                        "model_name",
                        text(),
                        "model_version",
                        text(),
                        "id",
                        text(),
                        "parameters",
                        ref("Parameters"),
                        "outputs",
                        list(input.deepCopy())));
    }

    private static void predict(ObjectNode all) {
        all.set(
                "PredictRequest",
                JSON.objectNode()
                        .put(
                                "description",
                                "A row: an object, or a list of numbers; a picture in base64; or a list of them.")
                        .set("type", words("object", "array", "string")));
        all.set("PredictAnswer", JSON.objectNode().set("type", words("object", "array")));
    }

    // ---- pieces -----------------------------------------------------------------------------------------------------

    static ObjectNode text() {
        return JSON.objectNode().put("type", "string");
    }

    static ObjectNode truth() {
        return JSON.objectNode().put("type", "boolean");
    }

    static ObjectNode whole(int least) {
        return JSON.objectNode().put("type", "integer").put("minimum", least);
    }

    static ObjectNode list(JsonNode items) {
        ObjectNode list = JSON.objectNode().put("type", "array");
        list.set("items", items);
        return list;
    }

    /** Texts by names. */
    static ObjectNode texts() {
        ObjectNode texts = JSON.objectNode().put("type", "object");
        texts.set("additionalProperties", text());
        return texts;
    }

    static ObjectNode ref(String schema) {
        return JSON.objectNode().put("$ref", "#/components/schemas/" + schema);
    }

    private static ArrayNode words(String... words) {
        ArrayNode list = JSON.arrayNode();
        for (String word : words) {
            list.add(word);
        }
        return list;
    }

    private static ObjectNode datatype() {
        ArrayNode names = JSON.arrayNode();
        for (Datatype type : Datatype.values()) {
            names.add(type.name());
        }
        return text().set("enum", names);
    }

    private static ObjectNode closed(ObjectNode object) {
        return object.put("additionalProperties", false);
    }

    /** @param properties names and schemas in turn */
    static ObjectNode object(List<String> required, Object... properties) {
        ObjectNode object = JSON.objectNode().put("type", "object");
        ObjectNode all = object.putObject("properties");
        for (int i = 0; i < properties.length; i += 2) {
            all.set((String) properties[i], (JsonNode) properties[i + 1]);
        }
        if (!required.isEmpty()) {
            object.set("required", words(required.toArray(String[]::new)));
        }
        return object;
    }
}
