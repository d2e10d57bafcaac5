package dev.jumbo.serve.v2;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.data.Field;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.serve.http.BodyType;
import dev.jumbo.serve.http.Responses;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.model.TableInputs;
import dev.jumbo.serve.repository.Lease;
import dev.jumbo.serve.repository.Models;
import dev.jumbo.serve.schedule.Inference;
import dev.jumbo.serve.schedule.Terms;
import dev.jumbo.serve.wire.Datatype;
import dev.jumbo.serve.wire.InferReader;
import dev.jumbo.train.answer.AnswerJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the Open Inference Protocol V2 and {@code predict} beside them. See <a
 * href="https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md">the
 * specification</a> and Triton's binary tensor extension.
 */
public final class V2Service {
    /** How many bytes of a body are JSON; the rest is binary data. */
    static final String JSON_LENGTH = "inference-header-content-length";

    /** A GET has no body worth reading. */
    private static final long MAX_GET_BODY_BYTES = 1024;

    private final Models models;
    private final Inference inference;
    private final BooleanSupplier ready;

    public V2Service(Models models, Inference inference, BooleanSupplier ready) {
        this.models = models;
        this.inference = inference;
        this.ready = ready;
    }

    /** Adds every route. @param maxBodyBytes of infer and predict */
    public void bind(ServerBuilder server, long maxBodyBytes) {
        get(server, "/v2", (ctx, request) -> server());
        get(
                server,
                "/v2/health/live",
                (ctx, request) -> Responses.json(HttpStatus.OK, json -> json.writeBooleanField("live", true)));
        get(server, "/v2/health/ready", (ctx, request) -> ready());
        for (String path : List.of("/v2/models/{model}", "/v2/models/{model}/versions/{version}")) {
            get(server, path, ofModel(this::metadata));
            get(server, path + "/ready", ofModel(model -> ready()));
            post(server, path + "/infer", maxBodyBytes, this::infer);
            post(server, path + "/predict", maxBodyBytes, this::predict);
        }
    }

    private static void get(ServerBuilder server, String path, HttpService service) {
        server.route()
                .methods(HttpMethod.GET, HttpMethod.HEAD)
                .path(path)
                .maxRequestLength(MAX_GET_BODY_BYTES)
                .build(service);
    }

    /** What is answered to a whole request. */
    private interface Call {
        CompletableFuture<HttpResponse> answer(
                String model, @Nullable String version, AggregatedHttpRequest request, Terms terms);
    }

    private static void post(ServerBuilder server, String path, long maxBodyBytes, Call call) {
        server.route()
                .post(path)
                .maxRequestLength(maxBodyBytes)
                .build((ctx, request) -> HttpResponse.of(request.aggregate()
                        .thenCompose(whole -> call.answer(model(ctx), ctx.pathParam("version"), whole, terms(ctx)))));
    }

    private static Terms terms(ServiceRequestContext ctx) {
        long left = TimeUnit.MILLISECONDS.toNanos(ctx.requestTimeoutMillis());
        return new Terms(
                String.valueOf(ctx.clientAddress().getHostAddress()), System.nanoTime() + left, ctx::isCancelled);
    }

    private static String model(ServiceRequestContext ctx) {
        return Objects.requireNonNull(ctx.pathParam("model"), "the path has a model");
    }

    /** What is said about a version. */
    private interface About {
        HttpResponse say(ServedModel model);
    }

    private HttpService ofModel(About about) {
        return (ctx, request) -> {
            try (Lease lease = models.lease(model(ctx), ctx.pathParam("version"))) {
                return about.say(lease.model());
            }
        };
    }

    // ---- answers ----------------------------------------------------------------------------------------------------

    private CompletableFuture<HttpResponse> infer(
            String model, @Nullable String version, AggregatedHttpRequest request, Terms terms) {
        BodyType.requireUtf8(request);
        return inference
                .infer(
                        model,
                        version,
                        () -> InferReader.read(
                                request.content().array(), request.headers().get(JSON_LENGTH)),
                        terms)
                .thenApply(InferWriter::write);
    }

    private CompletableFuture<HttpResponse> predict(
            String model, @Nullable String version, AggregatedHttpRequest request, Terms terms) {
        boolean json = BodyType.of(request) == BodyType.JSON;
        return inference
                .predict(model, version, request.content().array(), json, terms)
                .thenApply(V2Service::said);
    }

    private static HttpResponse said(ServedModel.Said said) {
        List<ObjectNode> answers =
                said.answers().rows().stream().map(AnswerJson::of).toList();
        JsonNode body = said.list() ? JsonNodeFactory.instance.arrayNode().addAll(answers) : answers.get(0);
        return Responses.json(HttpStatus.OK, body.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse server() {
        String version =
                Objects.requireNonNullElse(V2Service.class.getPackage().getImplementationVersion(), "development");
        return Responses.json(HttpStatus.OK, json -> {
            json.writeStringField("name", "jumbo");
            json.writeStringField("version", version);
            json.writeArrayFieldStart("extensions");
            json.writeString("binary_tensor_data");
            json.writeEndArray();
        });
    }

    private HttpResponse ready() {
        boolean now = ready.getAsBoolean();
        return Responses.json(
                now ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, json -> json.writeBooleanField("ready", now));
    }

    private HttpResponse metadata(ServedModel model) {
        return Responses.json(HttpStatus.OK, json -> {
            json.writeStringField("name", model.name());
            json.writeArrayFieldStart("versions");
            for (String version : models.versions(model.name())) {
                json.writeString(version);
            }
            json.writeEndArray();
            json.writeStringField("platform", "jumbo");
            RowReader table = model.predictor().rows();
            if (table == null) {
                writeFields(json, "inputs", model.inputs());
            } else {
                new TableInputs(table).write(json);
            }
            writeFields(json, "outputs", model.outputs());
        });
    }

    private static void writeFields(JsonGenerator json, String key, List<Field> fields) throws IOException {
        json.writeArrayFieldStart(key);
        for (Field field : fields) {
            json.writeStartObject();
            json.writeStringField("name", field.name());
            json.writeStringField(
                    "datatype",
                    field.isBytes()
                            ? Datatype.BYTES.name()
                            : Datatype.of(field.dtype()).name());
            json.writeArrayFieldStart("shape");
            json.writeNumber(-1); // the batch: any number of examples
            long[] sizes = field.shape().toArray();
            for (int i = 0; i < sizes.length; i++) {
                json.writeNumber(i == 0 && field.isRagged() ? -1 : sizes[i]);
            }
            json.writeEndArray();
            if (!field.classes().isEmpty()) {
                json.writeObjectFieldStart("parameters");
                json.writeArrayFieldStart("classes");
                for (String name : field.classes()) {
                    json.writeString(name);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
