package dev.jumbo.serve.v2;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.jumbo.data.Field;
import dev.jumbo.serve.http.Responses;
import dev.jumbo.serve.wire.Datatype;
import dev.jumbo.serve.wire.InferAnswer;
import dev.jumbo.serve.wire.InferJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
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
        List<float[]> binary = new ArrayList<>();
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
                Field field = output.field();
                json.writeStartObject();
                json.writeStringField("name", field.name());
                json.writeStringField("datatype", Datatype.FP32.name());
                long[] shape = field.shape().prepend(answer.rows()).toArray();
                json.writeFieldName("shape");
                json.writeArray(shape, 0, shape.length);
                if (output.binary()) {
                    json.writeObjectFieldStart("parameters");
                    json.writeNumberField("binary_data_size", output.values().length * (long) Float.BYTES);
                    json.writeEndObject();
                    binary.add(output.values());
                } else {
                    json.writeArrayFieldStart("data");
                    for (float value : output.values()) {
                        json.writeNumber(value);
                    }
                    json.writeEndArray();
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
        for (float[] output : binary) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(output.length, Float.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(output);
            body.write(bytes.array());
        }
        ResponseHeaders headers = Responses.headers(HttpStatus.OK, MediaType.OCTET_STREAM).toBuilder()
                .add(V2Service.JSON_LENGTH, Integer.toString(jsonLength))
                .build();
        return HttpResponse.of(headers, HttpData.wrap(body.toByteArray()));
    }
}
