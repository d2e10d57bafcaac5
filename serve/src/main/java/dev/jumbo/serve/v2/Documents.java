package dev.jumbo.serve.v2;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import dev.jumbo.serve.http.Responses;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.model.TensorInfo;
import dev.jumbo.serve.wire.ServerInfo;
import java.io.IOException;
import java.util.List;

/** What the server says of itself and of its models, in the words of the specification. */
final class Documents {
    private Documents() {}

    static HttpResponse server() {
        return Responses.json(HttpStatus.OK, json -> {
            json.writeStringField("name", ServerInfo.NAME);
            json.writeStringField("version", ServerInfo.version());
            json.writeArrayFieldStart("extensions");
            for (String extension : ServerInfo.EXTENSIONS) {
                json.writeString(extension);
            }
            json.writeEndArray();
        });
    }

    static HttpResponse live() {
        return Responses.json(HttpStatus.OK, json -> json.writeBooleanField("live", true));
    }

    /** The specification calls the field {@code live} here too; {@code ready} is what most servers say. */
    static HttpResponse ready(boolean now) {
        return Responses.json(status(now), json -> {
            json.writeBooleanField("live", now);
            json.writeBooleanField("ready", now);
        });
    }

    static HttpResponse ready(String model, boolean now) {
        return Responses.json(status(now), json -> {
            json.writeStringField("name", model);
            json.writeBooleanField("ready", now);
        });
    }

    private static HttpStatus status(boolean ready) {
        return ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    }

    static HttpResponse metadata(ServedModel model, List<String> versions) {
        return Responses.json(HttpStatus.OK, json -> {
            json.writeStringField("name", model.name());
            json.writeArrayFieldStart("versions");
            for (String version : versions) {
                json.writeString(version);
            }
            json.writeEndArray();
            json.writeStringField("platform", model.predictor().platform());
            write(json, "inputs", TensorInfo.inputs(model));
            write(json, "outputs", TensorInfo.outputs(model));
            String engine = model.engine().orElse(null);
            if (engine != null) {
                // Where the published description of REST, and that of gRPC, have texts of the server's own.
                json.writeObjectFieldStart("properties");
                json.writeStringField("engine", engine);
                json.writeEndObject();
            }
        });
    }

    private static void write(JsonGenerator json, String key, List<TensorInfo> tensors) throws IOException {
        json.writeArrayFieldStart(key);
        for (TensorInfo tensor : tensors) {
            json.writeStartObject();
            json.writeStringField("name", tensor.name());
            json.writeStringField("datatype", tensor.datatype().name());
            json.writeArrayFieldStart("shape");
            for (long size : tensor.shape()) {
                json.writeNumber(size);
            }
            json.writeEndArray();
            if (!tensor.names().isEmpty()) {
                json.writeObjectFieldStart("parameters");
                json.writeArrayFieldStart(tensor.namesKey());
                for (String name : tensor.names()) {
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
