package dev.jumbo.serve;

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
import dev.jumbo.data.Field;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.train.answer.AnswerJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * The routes of the Open Inference Protocol V2 for one model, and {@code predict} beside them. See <a
 * href="https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md">the
 * specification</a> and Triton's binary tensor extension.
 */
final class V2Service {
    /** How many bytes of a body are JSON; the rest is binary data. */
    static final String JSON_LENGTH = "inference-header-content-length";

    /** A GET has no body worth reading. */
    private static final long MAX_GET_BODY_BYTES = 1024;

    private final ServedModel model;
    private final ComputePool pool;
    private final BooleanSupplier ready;

    V2Service(ServedModel model, ComputePool pool, BooleanSupplier ready) {
        this.model = model;
        this.pool = pool;
        this.ready = ready;
    }

    /** Adds every route. @param maxBodyBytes of infer and predict */
    void bind(ServerBuilder server, long maxBodyBytes) {
        get(server, "/v2", (ctx, request) -> server());
        get(
                server,
                "/v2/health/live",
                (ctx, request) -> Responses.json(HttpStatus.OK, json -> json.writeBooleanField("live", true)));
        get(server, "/v2/health/ready", (ctx, request) -> ready());
        for (String path : List.of("/v2/models/{model}", "/v2/models/{model}/versions/{version}")) {
            get(server, path, ofModel((ctx, request) -> metadata()));
            get(server, path + "/ready", ofModel((ctx, request) -> ready()));
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

    private void post(ServerBuilder server, String path, long maxBodyBytes, ComputePool.Work work) {
        server.route()
                .post(path)
                .maxRequestLength(maxBodyBytes)
                .build(ofModel((ctx, request) -> pool.serve(ctx, request, work)));
    }

    /** Answers 404 unless the path names the model, and its version where it has one. */
    private HttpService ofModel(HttpService service) {
        return (ctx, request) -> {
            String version = ctx.pathParam("version");
            if (!model.name().equals(ctx.pathParam("model"))) {
                throw new HttpException(
                        HttpStatus.NOT_FOUND, "no such model; the model here is \"" + model.name() + "\"");
            }
            if (version != null && !version.equals(model.version())) {
                throw new HttpException(
                        HttpStatus.NOT_FOUND, "no such version; the version here is \"" + model.version() + "\"");
            }
            return service.serve(ctx, request);
        };
    }

    // ---- answers ----------------------------------------------------------------------------------------------------

    private HttpResponse infer(AggregatedHttpRequest request) throws IOException {
        BodyType.requireUtf8(request);
        InferRequest infer =
                InferReader.read(request.content().array(), request.headers().get(JSON_LENGTH));
        ServedModel.Request read = model.read(infer);
        List<InferRequest.Output> outputs = InferWriter.select(model, infer);
        return InferWriter.write(model, infer, outputs, model.infer(read), read);
    }

    private HttpResponse predict(AggregatedHttpRequest request) {
        boolean json = BodyType.of(request) == BodyType.JSON;
        ServedModel.Said said = model.predict(request.content().array(), json);
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

    private HttpResponse metadata() {
        return Responses.json(HttpStatus.OK, json -> {
            json.writeStringField("name", model.name());
            json.writeArrayFieldStart("versions");
            json.writeString(model.version());
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
