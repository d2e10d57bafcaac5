package dev.jumbo.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes the answer to an {@code infer} request: JSON, followed by the outputs that were asked for as binary data. */
final class InferWriter {
    private InferWriter() {}

    /**
     * The outputs to send, in the order asked for.
     *
     * @throws InputException if one is unknown or asked for twice
     */
    static List<InferRequest.Output> select(ServedModel model, InferRequest request) {
        List<String> known = model.outputs().stream().map(Field::name).toList();
        if (request.outputs().isEmpty()) {
            return known.stream()
                    .map(name -> new InferRequest.Output(name, null))
                    .toList();
        }
        Set<String> seen = new HashSet<>();
        for (InferRequest.Output output : request.outputs()) {
            if (!known.contains(output.name())) {
                throw new InputException(
                        "unknown output \"" + output.name() + "\"" + Nearest.hint(output.name(), known));
            }
            if (!seen.add(output.name())) {
                throw new InputException("the output \"" + output.name() + "\" is asked for twice");
            }
        }
        return request.outputs();
    }

    /** @param values for each output of the model, a prediction for each row that was read */
    static HttpResponse write(
            ServedModel model,
            InferRequest request,
            List<InferRequest.Output> outputs,
            List<float[]> values,
            ServedModel.Request read)
            throws IOException {
        var body = new ByteArrayOutputStream();
        List<float[]> binary = new ArrayList<>();
        try (JsonGenerator json = InferJson.FACTORY.createGenerator(body)) {
            json.writeStartObject();
            json.writeStringField("model_name", model.name());
            json.writeStringField("model_version", model.version());
            if (request.id() != null) {
                json.writeStringField("id", request.id());
            }
            List<String> warnings = new ArrayList<>();
            for (int row = 0; row < read.warnings().size(); row++) {
                for (String warning : read.warnings().get(row)) {
                    warnings.add("row " + row + ": " + warning);
                }
            }
            if (!warnings.isEmpty()) {
                json.writeObjectFieldStart("parameters");
                json.writeStringField("warnings", String.join("\n", warnings));
                json.writeEndObject();
            }
            json.writeArrayFieldStart("outputs");
            for (InferRequest.Output output : outputs) {
                int index = index(model, output);
                Field field = model.outputs().get(index);
                json.writeStartObject();
                json.writeStringField("name", field.name());
                json.writeStringField("datatype", Datatype.FP32.name());
                long[] shape = field.shape().prepend(read.rows()).toArray();
                json.writeFieldName("shape");
                json.writeArray(shape, 0, shape.length);
                if (request.binary(output)) {
                    json.writeObjectFieldStart("parameters");
                    json.writeNumberField("binary_data_size", values.get(index).length * (long) Float.BYTES);
                    json.writeEndObject();
                    binary.add(values.get(index));
                } else {
                    json.writeArrayFieldStart("data");
                    for (float value : values.get(index)) {
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

    private static int index(ServedModel model, InferRequest.Output output) {
        return model.outputs().stream().map(Field::name).toList().indexOf(output.name());
    }
}
