package dev.jumbo.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import dev.jumbo.data.Field;
import java.io.IOException;
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
        InferRequest infer =
                InferReader.read(request.content().array(), request.headers().get(JSON_LENGTH));
        int rows = model.rows(infer);
        List<InferRequest.Output> outputs = InferWriter.select(model, infer);
        return InferWriter.write(model, infer, outputs, model.predict(infer, rows), rows);
    }

    private HttpResponse predict(AggregatedHttpRequest request) {
        MediaType type = request.contentType();
        RawReader reader = type != null && type.isJson() ? model.rows() : model.images();
        double[] raw = reader.read(request.content().array(), model.inputs().get(0));
        List<float[]> outputs = model.predictOne(raw);
        List<String> classes = model.predictor().classes();
        return Responses.json(HttpStatus.OK, json -> {
            if (classes == null) {
                writeValues(json, outputs);
            } else {
                writeClasses(json, classes, outputs.get(0));
            }
        });
    }

    private static void writeClasses(JsonGenerator json, List<String> classes, float[] probabilities)
            throws IOException {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        json.writeStringField("label", classes.get(best));
        json.writeNumberField("probability", probabilities[best]);
        json.writeObjectFieldStart("probabilities");
        for (int i = 0; i < probabilities.length; i++) {
            json.writeNumberField(classes.get(i), probabilities[i]);
        }
        json.writeEndObject();
    }

    private void writeValues(JsonGenerator json, List<float[]> outputs) throws IOException {
        json.writeObjectFieldStart("outputs");
        for (int i = 0; i < outputs.size(); i++) {
            json.writeArrayFieldStart(model.outputs().get(i).name());
            for (float value : outputs.get(i)) {
                json.writeNumber(value);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
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
            writeFields(json, "inputs", model.inputs());
            writeFields(json, "outputs", model.outputs());
        });
    }

    private static void writeFields(JsonGenerator json, String key, List<Field> fields) throws IOException {
        json.writeArrayFieldStart(key);
        for (Field field : fields) {
            json.writeStartObject();
            json.writeStringField("name", field.name());
            json.writeStringField("datatype", Datatype.of(field.dtype()).name());
            json.writeArrayFieldStart("shape");
            json.writeNumber(-1); // the batch: any number of examples
            for (long size : field.shape().toArray()) {
                json.writeNumber(size);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
