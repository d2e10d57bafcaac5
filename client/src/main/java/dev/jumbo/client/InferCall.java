package dev.jumbo.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An infer request and its answer in the form of the binary extension: JSON, then the values. */
final class InferCall {
    static final JsonFactory JSON = new JsonFactory();

    private InferCall() {}

    /** The JSON of a request. */
    static byte[] head(List<NamedTensor> inputs, List<byte[]> encoded) {
        var out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeObjectFieldStart("parameters");
            json.writeBooleanField("binary_data_output", true);
            json.writeEndObject();
            json.writeArrayFieldStart("inputs");
            for (int i = 0; i < inputs.size(); i++) {
                NamedTensor input = inputs.get(i);
                json.writeStartObject();
                json.writeStringField("name", input.name());
                json.writeStringField("datatype", input.datatype());
                json.writeFieldName("shape");
                json.writeArray(input.shape(), 0, input.shape().length);
                json.writeObjectFieldStart("parameters");
                json.writeNumberField("binary_data_size", encoded.get(i).length);
                json.writeEndObject();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does no output", e);
        }
        return out.toByteArray();
    }

    /** The tensors of an answer by name. @throws ServerException if it is none */
    static Map<String, NamedTensor> read(byte[] body, int jsonLength) {
        Map<String, NamedTensor> outputs = new LinkedHashMap<>();
        int[] at = {jsonLength};
        try (JsonParser json = JSON.createParser(body, 0, jsonLength)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME
                        && json.currentName().equals("outputs")) {
                    json.nextToken();
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        NamedTensor output = output(json, body, at);
                        outputs.put(output.name(), output);
                    }
                }
            }
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new ServerException("the answer is none of V2: " + e.getMessage(), e);
        }
        return outputs;
    }

    private static NamedTensor output(JsonParser json, byte[] body, int[] at) throws IOException {
        String name = "";
        String datatype = "";
        List<Long> shape = new ArrayList<>();
        int size = 0;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            JsonToken value = json.nextToken();
            switch (key) {
                case "name" -> name = json.getText();
                case "datatype" -> datatype = json.getText();
                case "shape" -> {
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        shape.add(json.getLongValue());
                    }
                }
                case "parameters" -> {
                    while (json.nextToken() != JsonToken.END_OBJECT) {
                        boolean binary = json.currentName().equals("binary_data_size");
                        json.nextToken();
                        size = binary ? json.getIntValue() : size;
                        json.skipChildren();
                    }
                }
                default -> {
                    if (value.isStructStart()) {
                        json.skipChildren();
                    }
                }
            }
        }
        byte[] values = Arrays.copyOfRange(body, at[0], Math.addExact(at[0], size));
        at[0] += size;
        if (at[0] > body.length) {
            throw new IllegalArgumentException("fewer bytes than it says");
        }
        return NamedTensor.decoded(
                name, datatype, shape.stream().mapToLong(each -> each).toArray(), values);
    }

    /** The text of {@code {"error": "..."}}, or the start of what came instead. */
    static String error(byte[] body) {
        try (JsonParser json = JSON.createParser(body)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_STRING && "error".equals(json.currentName())) {
                    return json.getText();
                }
            }
        } catch (IOException e) {
            return "no JSON: " + e.getClass().getSimpleName();
        }
        return "no error text";
    }
}
