package dev.jumbo.serve.openapi;

import static dev.jumbo.serve.openapi.Schemas.list;
import static dev.jumbo.serve.openapi.Schemas.object;
import static dev.jumbo.serve.openapi.Schemas.ref;
import static dev.jumbo.serve.openapi.Schemas.text;
import static dev.jumbo.serve.openapi.Schemas.truth;
import static dev.jumbo.serve.openapi.Schemas.whole;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What is told of models beside their metadata: the statistics and model configuration extensions. */
final class ModelSchemas {
    private ModelSchemas() {}

    static void statistics(ObjectNode all) {
        all.set("Duration", object(List.of("count", "ns"), "count", whole(0), "ns", whole(0)));
        ObjectNode parts = durations(
                "success",
                "fail",
                "queue",
                "compute_input",
                "compute_infer",
                "compute_output",
                "cache_hit",
                "cache_miss");
        ObjectNode batch = durations("compute_input", "compute_infer", "compute_output");
        batch.withObjectProperty("properties").set("batch_size", whole(1));
        batch.withArrayProperty("required").add("batch_size");
        ObjectNode memory =
                object(List.of("type", "id", "byte_size"), "type", text(), "id", whole(0), "byte_size", whole(0));
        ObjectNode model = object(
                List.of("name", "version", "last_inference", "inference_count", "execution_count", "inference_stats"),
                "name",
                text(),
                "version",
                text(),
                "last_inference",
                whole(0),
                "inference_count",
                whole(0),
                "execution_count",
                whole(0),
                "inference_stats",
                parts,
                "response_stats",
                JsonNodeFactory.instance.objectNode().put("type", "object"),
                "batch_stats",
                list(batch),
                "memory_usage",
                list(memory));
        all.set("Statistics", object(List.of("model_stats"), "model_stats", list(model)));
    }

    private static ObjectNode durations(String... names) {
        List<Object> properties = new ArrayList<>();
        for (String name : names) {
            properties.add(name);
            properties.add(ref("Duration"));
        }
        return object(List.of(names), properties.toArray());
    }

    static void config(ObjectNode all) {
        ObjectNode tensor = object(
                List.of("name", "data_type", "dims"),
                "name",
                text(),
                "data_type",
                text().put("pattern", "^TYPE_"),
                "dims",
                list(whole(-1)));
        ObjectNode input = tensor.deepCopy();
        input.withObjectProperty("properties").set("optional", truth());
        ObjectNode instances =
                object(List.of("name", "kind", "count"), "name", text(), "kind", text(), "count", whole(1));
        ObjectNode policy = object(
                List.of(),
                "timeout_action",
                text(),
                "default_timeout_microseconds",
                whole(0),
                "allow_timeout_override",
                truth(),
                "max_queue_size",
                whole(0));
        ObjectNode batching = object(
                List.of(),
                "max_queue_delay_microseconds",
                whole(0),
                "priority_levels",
                whole(0),
                "default_priority_level",
                whole(0),
                "default_queue_policy",
                policy);
        ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("type", "object");
        parameters.set("additionalProperties", object(List.of("string_value"), "string_value", text()));
        all.set(
                "ModelConfig",
                object(
                        List.of("name", "platform", "backend", "max_batch_size", "input", "output", "instance_group"),
                        "name",
                        text(),
                        "platform",
                        text(),
                        "backend",
                        text(),
                        "max_batch_size",
                        whole(0),
                        "input",
                        list(input),
                        "output",
                        list(tensor),
                        "instance_group",
                        list(instances),
                        "default_model_filename",
                        text(),
                        "dynamic_batching",
                        batching,
                        "model_transaction_policy",
                        object(List.of("decoupled"), "decoupled", truth()),
                        "parameters",
                        parameters));
    }
}
