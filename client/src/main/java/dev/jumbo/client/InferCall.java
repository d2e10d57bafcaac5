package dev.jumbo.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** An infer request in the form of the binary extension, whose values stand behind the JSON; and the text of an error. */
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
