package dev.jumbo.serve.v2;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.access.Caller;
import dev.jumbo.serve.http.Responses;
import dev.jumbo.serve.http.Route;
import dev.jumbo.serve.http.Route.Body;
import dev.jumbo.serve.http.Route.Reply;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.observe.VersionCounts;
import dev.jumbo.serve.observe.VersionCounts.Sum;
import dev.jumbo.serve.repository.Lease;
import dev.jumbo.serve.repository.ServedModels;
import dev.jumbo.serve.wire.Refusal;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The statistics extension of V2, as <a
 * href="https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_statistics.md">Triton's documentation</a> has
 * it. Nothing is answered from a cache here, so its counts are 0.
 */
public final class Statistics {
    private final ServedModels models;
    private final Supplier<List<VersionCounts>> counts;

    public Statistics(ServedModels models, Supplier<List<VersionCounts>> counts) {
        this.models = models;
        this.counts = counts;
    }

    public List<Route> routes() {
        Reply none = Reply.error(404, "there is no such model or version");
        Reply busy = Reply.error(503, "the model is not ready");
        return List.of("/v2/models/stats", "/v2/models/{model}/stats", "/v2/models/{model}/versions/{version}/stats")
                .stream()
                .map(path -> Route.get(
                        path,
                        "Counts and times since a version first answered.",
                        (ctx, request) -> write(ctx),
                        Reply.ok(Body.json("Statistics")),
                        none,
                        busy))
                .toList();
    }

    /**
     * The versions asked for: those that answer, and those that have answered.
     *
     * @param caller sees the models that it may use
     * @param model null for all
     * @param version null for all
     * @throws Refusal NOT_FOUND if there is no such model or version, FORBIDDEN if it is not the caller's
     */
    public List<VersionCounts> of(Caller caller, @Nullable String model, @Nullable String version) {
        if (model != null) {
            caller.requireModel(model);
            try (Lease lease = models.lease(model, version)) {
                lease.model();
            }
        }
        Map<String, VersionCounts> all = new LinkedHashMap<>();
        counts.get().forEach(each -> all.put(each.model() + "/" + each.version(), each));
        for (String name : models.names()) {
            for (String answering : versions(name)) {
                all.computeIfAbsent(name + "/" + answering, missing -> VersionCounts.none(name, answering));
            }
        }
        return all.values().stream()
                .filter(each -> model == null
                        ? caller.mayUse(each.model())
                        : each.model().equals(model))
                .filter(each -> version == null || each.version().equals(version))
                .sorted(Comparator.comparing(VersionCounts::model).thenComparing(VersionCounts::version))
                .toList();
    }

    private List<String> versions(String model) {
        try {
            return models.versions(model);
        } catch (Refusal e) {
            return List.of(); // it has gone since
        }
    }

    /** Bytes that the engine of a version holds outside the heap; empty where that is not known, or the version has gone. */
    public OptionalLong memory(VersionCounts of) {
        try (Lease lease = models.lease(of.model(), of.version())) {
            ServedModel model = lease.model();
            long bytes = model.predictor()
                    .engine()
                    .map(chosen -> chosen.engine().residentBytes())
                    .orElse(0L);
            return bytes > 0 ? OptionalLong.of(bytes) : OptionalLong.empty();
        } catch (Refusal e) {
            return OptionalLong.empty();
        }
    }

    private HttpResponse write(ServiceRequestContext ctx) {
        List<VersionCounts> wanted = of(Caller.of(ctx), ctx.pathParam("model"), ctx.pathParam("version"));
        return Responses.json(HttpStatus.OK, json -> {
            json.writeArrayFieldStart("model_stats");
            for (VersionCounts each : wanted) {
                write(json, each);
            }
            json.writeEndArray();
        });
    }

    private void write(JsonGenerator json, VersionCounts each) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", each.model());
        json.writeStringField("version", each.version());
        json.writeNumberField("last_inference", each.last());
        json.writeNumberField("inference_count", each.rows());
        json.writeNumberField("execution_count", each.batches());
        json.writeObjectFieldStart("inference_stats");
        sum(json, "success", each.success());
        sum(json, "fail", each.fail());
        sum(json, "queue", each.queue());
        sum(json, "compute_input", each.input());
        sum(json, "compute_infer", each.infer());
        sum(json, "compute_output", each.output());
        sum(json, "cache_hit", Sum.NONE);
        sum(json, "cache_miss", Sum.NONE);
        json.writeEndObject();
        json.writeObjectFieldStart("response_stats");
        json.writeEndObject();
        json.writeArrayFieldStart("batch_stats");
        for (VersionCounts.Size size : each.sizes()) {
            json.writeStartObject();
            json.writeNumberField("batch_size", size.rows());
            sum(json, "compute_input", size.input());
            sum(json, "compute_infer", size.infer());
            sum(json, "compute_output", size.output());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("memory_usage");
        OptionalLong memory = memory(each);
        if (memory.isPresent()) {
            json.writeStartObject();
            json.writeStringField("type", "CPU");
            json.writeNumberField("id", 0);
            json.writeNumberField("byte_size", memory.getAsLong());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void sum(JsonGenerator json, String name, Sum sum) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("count", sum.count());
        json.writeNumberField("ns", sum.nanos());
        json.writeEndObject();
    }
}
