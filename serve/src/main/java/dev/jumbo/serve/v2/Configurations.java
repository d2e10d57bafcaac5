package dev.jumbo.serve.v2;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import dev.jumbo.onnx.run.OnnxPredictor;
import dev.jumbo.serve.http.Responses;
import dev.jumbo.serve.http.Route;
import dev.jumbo.serve.http.Route.Body;
import dev.jumbo.serve.http.Route.Reply;
import dev.jumbo.serve.limits.Limits;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.model.TensorInfo;
import dev.jumbo.serve.repository.Lease;
import dev.jumbo.serve.repository.ServedModels;
import dev.jumbo.serve.repository.settings.BatchingSettings;
import dev.jumbo.serve.schedule.Priority;
import dev.jumbo.serve.schedule.SchedulingConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The model configuration extension of V2: {@code GET /v2/models/MODEL/config}. The fields are those of Triton's {@code ModelConfig}, in
 * the JSON that Triton writes: names as in the file, whole numbers as numbers.
 */
public final class Configurations {
    private final ServedModels models;
    private final SchedulingConfig scheduling;
    private final Limits limits;
    private final int threads;
    private final int maxQueue;
    private final Duration timeout;

    /**
     * @param threads that compute
     * @param maxQueue requests that may wait
     * @param timeout of a request that asks for none
     */
    public Configurations(
            ServedModels models,
            SchedulingConfig scheduling,
            Limits limits,
            int threads,
            int maxQueue,
            Duration timeout) {
        this.models = models;
        this.scheduling = scheduling;
        this.limits = limits;
        this.threads = threads;
        this.maxQueue = maxQueue;
        this.timeout = timeout;
    }

    public List<Route> routes() {
        return Stream.of("/v2/models/{model}/config", "/v2/models/{model}/versions/{version}/config")
                .map(path -> Route.get(
                        path,
                        "How a version is served.",
                        (ctx, request) -> {
                            String model = Objects.requireNonNull(ctx.pathParam("model"), "the path has a model");
                            try (Lease lease = models.lease(model, ctx.pathParam("version"))) {
                                return write(of(lease));
                            }
                        },
                        Reply.ok(Body.json("ModelConfig")),
                        Reply.error(404, "there is no such model or version"),
                        Reply.error(503, "the model is not ready")))
                .toList();
    }

    /** How a version is served. */
    public ModelConfiguration of(Lease lease) {
        ServedModel model = lease.model();
        BatchingSettings own = lease.batching();
        String platform = model.predictor().platform();
        Map<String, String> parameters = new LinkedHashMap<>();
        model.engine().ifPresent(engine -> parameters.put("engine", engine));
        parameters.put("max_rows", Integer.toString(limits.maxRows()));
        parameters.put("version", model.version());
        return new ModelConfiguration(
                model.name(),
                platform,
                platform.replaceFirst("_.*", ""),
                own.maxBatchSize() == null ? scheduling.maxBatchSize() : own.maxBatchSize(),
                Stream.concat(
                                TensorInfo.inputs(model).stream().map(info -> tensor(info, false)),
                                TensorInfo.masks(model).stream().map(info -> tensor(info, true)))
                        .toList(),
                TensorInfo.outputs(model).stream()
                        .map(info -> tensor(info, false))
                        .toList(),
                threads,
                platform.equals(OnnxPredictor.PLATFORM) ? OnnxPredictor.FILE : "",
                model.predictor().keepsRowsApart() ? batching(own) : null,
                parameters);
    }

    private ModelConfiguration.Batching batching(BatchingSettings own) {
        double delay = own.maxDelayMs() == null ? scheduling.maxDelayMs() : own.maxDelayMs();
        double seconds = timeout.toNanos() / 1e9;
        return new ModelConfiguration.Batching(
                Math.round(delay * 1e3),
                Priority.values().length,
                own.priority(),
                Math.round(1e6 * (own.timeoutSeconds() == null ? seconds : Math.min(seconds, own.timeoutSeconds()))),
                own.maxQueue() == null ? maxQueue : Math.min(maxQueue, own.maxQueue()));
    }

    private static ModelConfiguration.Tensor tensor(TensorInfo info, boolean optional) {
        List<Long> shape = info.shape();
        return new ModelConfiguration.Tensor(info.name(), info.datatype(), shape.subList(1, shape.size()), optional);
    }

    private static HttpResponse write(ModelConfiguration config) {
        return Responses.json(HttpStatus.OK, json -> {
            json.writeStringField("name", config.name());
            json.writeStringField("platform", config.platform());
            json.writeStringField("backend", config.backend());
            json.writeNumberField("max_batch_size", config.maxBatchSize());
            json.writeArrayFieldStart("input");
            for (ModelConfiguration.Tensor input : config.inputs()) {
                json.writeStartObject();
                write(json, input);
                json.writeBooleanField("optional", input.optional());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("output");
            for (ModelConfiguration.Tensor output : config.outputs()) {
                json.writeStartObject();
                write(json, output);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("instance_group");
            json.writeStartObject();
            json.writeStringField("name", config.name() + "_0");
            json.writeStringField("kind", "KIND_CPU");
            json.writeNumberField("count", config.instances());
            json.writeEndObject();
            json.writeEndArray();
            json.writeStringField("default_model_filename", config.file());
            ModelConfiguration.Batching batching = config.batching();
            if (batching != null) {
                write(json, batching);
            }
            json.writeObjectFieldStart("model_transaction_policy");
            json.writeBooleanField("decoupled", false);
            json.writeEndObject();
            json.writeObjectFieldStart("parameters");
            for (Map.Entry<String, String> each : config.parameters().entrySet()) {
                json.writeObjectFieldStart(each.getKey());
                json.writeStringField("string_value", each.getValue());
                json.writeEndObject();
            }
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, ModelConfiguration.Tensor tensor) throws IOException {
        json.writeStringField("name", tensor.name());
        json.writeStringField("data_type", tensor.typeName());
        json.writeArrayFieldStart("dims");
        for (long size : tensor.dims()) {
            json.writeNumber(size);
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, ModelConfiguration.Batching batching) throws IOException {
        json.writeObjectFieldStart("dynamic_batching");
        json.writeNumberField("max_queue_delay_microseconds", batching.delayMicros());
        json.writeNumberField("priority_levels", batching.priorities());
        json.writeNumberField("default_priority_level", batching.defaultPriority());
        json.writeObjectFieldStart("default_queue_policy");
        json.writeStringField("timeout_action", "REJECT");
        json.writeNumberField("default_timeout_microseconds", batching.timeoutMicros());
        json.writeBooleanField("allow_timeout_override", true);
        json.writeNumberField("max_queue_size", batching.queue());
        json.writeEndObject();
        json.writeEndObject();
    }
}
