package dev.jumbo.serve.v2;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.http.Responses;
import dev.jumbo.serve.http.Route;
import dev.jumbo.serve.http.Route.Body;
import dev.jumbo.serve.http.Route.Reply;
import dev.jumbo.serve.observe.VersionCounts;
import dev.jumbo.serve.repository.Lease;
import dev.jumbo.serve.repository.ServedModels;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The statistics extension of V2. How long reading inputs and writing outputs takes is not counted by itself. */
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
     * The versions asked for.
     *
     * @param model null for all
     * @param version null for all
     * @throws dev.jumbo.serve.wire.Refusal NOT_FOUND if there is no such model or version
     */
    public List<VersionCounts> of(@Nullable String model, @Nullable String version) {
        if (model != null) {
            try (Lease lease = models.lease(model, version)) {
                lease.model();
            }
        }
        return counts.get().stream()
                .filter(each -> model == null || each.model().equals(model))
                .filter(each -> version == null || each.version().equals(version))
                .toList();
    }

    private HttpResponse write(ServiceRequestContext ctx) {
        List<VersionCounts> wanted = of(ctx.pathParam("model"), ctx.pathParam("version"));
        return Responses.json(HttpStatus.OK, json -> {
            json.writeArrayFieldStart("model_stats");
            for (VersionCounts each : wanted) {
                json.writeStartObject();
                json.writeStringField("name", each.model());
                json.writeStringField("version", each.version());
                json.writeNumberField("last_inference", each.last());
                json.writeNumberField("inference_count", each.rows());
                json.writeNumberField("execution_count", each.batches());
                json.writeObjectFieldStart("inference_stats");
                duration(json, "success", each.answered(), each.answeringNanos());
                duration(json, "fail", each.failed(), 0);
                duration(json, "queue", each.answered(), each.waitingNanos());
                duration(json, "compute_input", 0, 0);
                duration(json, "compute_infer", each.batches(), each.computingNanos());
                duration(json, "compute_output", 0, 0);
                json.writeEndObject();
                json.writeArrayFieldStart("batch_stats");
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void duration(JsonGenerator json, String name, long count, long nanos) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("count", count);
        json.writeNumberField("ns", nanos);
        json.writeEndObject();
    }
}
