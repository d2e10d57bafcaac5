package dev.jumbo.serve.v2;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.jumbo.serve.http.Responses;
import dev.jumbo.serve.wire.Datatype;
import dev.jumbo.serve.wire.InferAnswer;
import dev.jumbo.serve.wire.InferJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes the answer to an {@code infer} request: JSON, followed by the outputs that were asked for as binary data. */
public final class InferWriter {
    private InferWriter() {}

    static HttpResponse write(InferAnswer answer) {
        try {
            return written(answer);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does no output", e);
        }
    }

    private static HttpResponse written(InferAnswer answer) throws IOException {
        var body = new ByteArrayOutputStream();
        List<byte[]> binary = new ArrayList<>();
        try (JsonGenerator json = InferJson.FACTORY.createGenerator(body)) {
            json.writeStartObject();
            json.writeStringField("model_name", answer.model());
            json.writeStringField("model_version", answer.version());
            if (answer.id() != null) {
                json.writeStringField("id", answer.id());
            }
            String warnings = answer.warningLines();
            if (!warnings.isEmpty()) {
                json.writeObjectFieldStart("parameters");
                json.writeStringField("warnings", warnings);
                json.writeEndObject();
            }
            json.writeArrayFieldStart("outputs");
            for (InferAnswer.Output output : answer.outputs()) {
                json.writeStartObject();
                json.writeStringField("name", output.field().name());
                json.writeStringField("datatype", output.datatype().name());
                long[] shape = output.shape(answer.rows());
                json.writeFieldName("shape");
                json.writeArray(shape, 0, shape.length);
                if (output.binary()) {
                    byte[] bytes = output.bytes(answer.rows());
                    json.writeObjectFieldStart("parameters");
                    json.writeNumberField("binary_data_size", bytes.length);
                    json.writeEndObject();
                    binary.add(bytes);
                } else {
                    json.writeFieldName("data");
                    writeData(json, output, answer.rows());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        if (binary.isEmpty()) {
            return Responses.json(HttpStatus.OK, body.toByteArray());
        }
        int jsonLength = body.size();
        int length = jsonLength;
        for (byte[] bytes : binary) {
            length = Math.addExact(length, bytes.length);
        }
        // Made once in its length: a large answer is copied no more often than it must be.
        byte[] whole = Arrays.copyOf(body.toByteArray(), length);
        int at = jsonLength;
        for (byte[] bytes : binary) {
            System.arraycopy(bytes, 0, whole, at, bytes.length);
            at += bytes.length;
        }
        ResponseHeaders headers = Responses.headers(HttpStatus.OK, MediaType.OCTET_STREAM).toBuilder()
                .add(V2Service.JSON_LENGTH, Integer.toString(jsonLength))
                .build();
        return HttpResponse.of(headers, HttpData.wrap(whole));
    }

    private static void writeData(JsonGenerator json, InferAnswer.Output output, int rows) throws IOException {
        json.writeStartArray();
        if (output.datatype() == Datatype.BYTES) {
            for (String text : output.texts(rows)) {
                json.writeString(text);
            }
        } else {
            for (float value : output.values()) {
                json.writeNumber(value);
            }
        }
        json.writeEndArray();
    }
}
