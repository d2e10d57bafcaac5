package dev.jumbo.serve.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an {@code infer} request: JSON, and after it the binary data that inputs point to by {@code
 * binary_data_size}, in their order. {@link RequestParameters} says which parameters have a meaning.
 */
public final class InferReader {
    private static final int MAX_TENSORS = 1024;

    private final ByteBuffer binary;
    private final List<InferRequest.Input> inputs = new ArrayList<>();
    private final List<InferRequest.Output> outputs = new ArrayList<>();
    private @Nullable String id;
    private @Nullable String model;
    private @Nullable String version;
    private RequestParameters parameters = new RequestParameters();

    private InferReader(ByteBuffer binary) {
        this.binary = binary;
    }

    /**
     * Reads and checks a request.
     *
     * @param model the model that is asked: a request that names another one is refused
     * @param version its version that answers: so is one that names another version; an empty text names none
     * @param jsonLength the header {@code Inference-Header-Content-Length}, or null where the body is JSON alone
     * @throws InputException at the first thing that is wrong
     */
    public static InferRequest read(String model, String version, byte[] body, @Nullable String jsonLength) {
        int length = jsonLength == null ? body.length : jsonLength(jsonLength, body.length);
        InferReader reader = new InferReader(ByteBuffer.wrap(body, length, body.length - length));
        try (JsonParser parser = InferJson.FACTORY.createParser(body, 0, length)) {
            reader.readRequest(parser);
            InferJson.expectEnd(parser);
        } catch (IOException e) {
            throw InferJson.badJson(e);
        }
        if (reader.binary.hasRemaining()) {
            throw new InputException(
                    "expected the binary_data_size of all inputs to add up to the bytes after the JSON," + " received "
                            + reader.binary.remaining() + " bytes more");
        }
        if (reader.model != null && !reader.model.equals(model)) {
            throw new InputException(
                    "expected the model_name \"" + model + "\" of the path, or none, received another");
        }
        String named = reader.version;
        if (named != null && !named.isEmpty() && !named.equals(version)) {
            throw new InputException("expected the model_version \"" + version
                    + "\", which answers here, or none, received another; name a version in the path, as in /v2/models/"
                    + model + "/versions/" + version + "/infer");
        }
        return new InferRequest(reader.id, reader.inputs, reader.outputs, reader.parameters.wishes());
    }

    private static int jsonLength(String header, int bodyLength) {
        if (!header.matches("\\d{1,10}") || Long.parseLong(header) > bodyLength) {
            throw new InputException("expected an Inference-Header-Content-Length of 0 to " + bodyLength
                    + ", the length of the body, received another value");
        }
        return Integer.parseInt(header);
    }

    private void readRequest(JsonParser parser) throws IOException {
        InferJson.expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "a JSON object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "id" -> id = text(parser, "id");
                case "inputs" -> readList(parser, key, this::readInput);
                case "outputs" -> readList(parser, key, this::readOutput);
                case "parameters" -> parameters = parameters(parser);
                // The extension's own examples say again what the path says.
                case "model_name" -> model = text(parser, key);
                case "model_version" -> version = text(parser, key);
                default -> throw unknown(key, "id, inputs, outputs, parameters");
            }
        }
    }

    private void readInput(JsonParser parser) throws IOException {
        String name = null;
        String type = null;
        long[] shape = null;
        JsonData data = null;
        long binarySize = -1;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "name" -> name = text(parser, "name");
                case "datatype" -> type = text(parser, "datatype");
                case "shape" -> shape = shape(parser);
                case "data" -> {
                    InferJson.expect(parser, parser.currentToken(), JsonToken.START_ARRAY, "a list as \"data\"");
                    data = JsonData.read(parser);
                }
                case "parameters" -> binarySize = parameters(parser).count("binary_data_size", -1);
                default -> throw unknown(key, "name, shape, datatype, parameters, data");
            }
        }
        if (name == null || type == null || shape == null) {
            throw new InputException("expected name, shape and datatype for each input");
        }
        Datatype datatype = Datatype.named(name, type);
        if ((data == null) == (binarySize < 0)) {
            throw new InputException("input \"" + name + "\": expected either data or a binary_data_size, received "
                    + (data == null ? "none" : "both"));
        }
        InferRequest.Input input = InferRequest.Input.checked(
                name, datatype, shape, data == null ? binary(name, datatype, shape, binarySize) : data);
        if (data != null && !data.isNestedAs(shape)) {
            throw new InputException("input \"" + name + "\": expected data as one flat list, or nested as the shape "
                    + Arrays.toString(shape) + ", received lists of the lengths " + data.nesting());
        }
        if (data != null) {
            data.round(datatype);
        }
        inputs.add(input);
    }

    private Elements binary(String name, Datatype datatype, long[] shape, long size) {
        long expected = InferRequest.Input.bytes(name, datatype, shape);
        if (datatype != Datatype.BYTES && size != expected) {
            throw new InputException("input \"" + name + "\": expected a binary_data_size of " + expected + " for "
                    + datatype + " " + Arrays.toString(shape) + ", received " + size);
        }
        if (size > binary.remaining()) {
            throw new InputException("input \"" + name + "\": expected " + size + " bytes after the JSON, received "
                    + binary.remaining() + "; is Inference-Header-Content-Length right?");
        }
        ByteBuffer data = binary.slice(binary.position(), (int) size);
        binary.position(binary.position() + (int) size);
        return datatype.view(data);
    }

    private void readOutput(JsonParser parser) throws IOException {
        String name = null;
        RequestParameters asked = new RequestParameters();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "name" -> name = text(parser, "name");
                case "parameters" -> asked = parameters(parser);
                default -> throw unknown(key, "name, parameters");
            }
        }
        if (name == null) {
            throw new InputException("expected a name for each output");
        }
        outputs.add(asked.output(name));
    }

    // ---- pieces -----------------------------------------------------------------------------------------------------

    /** Reads one object of a list; the parser has just entered it. */
    private interface ItemReader {
        void read(JsonParser parser) throws IOException;
    }

    private static void readList(JsonParser parser, String key, ItemReader item) throws IOException {
        InferJson.expect(parser, parser.currentToken(), JsonToken.START_ARRAY, "a list as \"" + key + "\"");
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            if (i == MAX_TENSORS) {
                throw new InputException("expected at most " + MAX_TENSORS + " " + key);
            }
            InferJson.expect(parser, parser.currentToken(), JsonToken.START_OBJECT, "objects in \"" + key + "\"");
            item.read(parser);
        }
    }

    private static RequestParameters parameters(JsonParser parser) throws IOException {
        InferJson.expect(parser, parser.currentToken(), JsonToken.START_OBJECT, "an object as \"parameters\"");
        RequestParameters parameters = new RequestParameters();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parameters.put(
                    name,
                    switch (parser.nextToken()) {
                        case VALUE_TRUE -> true;
                        case VALUE_FALSE -> false;
                        case VALUE_STRING -> InferJson.text(parser);
                        case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
                        case VALUE_NUMBER_INT ->
                            parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                                    ? parser.getBigIntegerValue()
                                    : (Object) parser.getLongValue();
                        default ->
                            throw new InputException(
                                    "expected a text, a number, true or false as the parameter \"" + name + "\"");
                    });
        }
        return parameters;
    }

    private static long[] shape(JsonParser parser) throws IOException {
        InferJson.expect(parser, parser.currentToken(), JsonToken.START_ARRAY, "a list as \"shape\"");
        List<Long> sizes = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            long size = size(parser);
            if (sizes.size() == InferRequest.MAX_RANK) {
                throw new InputException("expected at most " + InferRequest.MAX_RANK + " dimensions");
            }
            sizes.add(size);
        }
        return sizes.stream().mapToLong(Long::longValue).toArray();
    }

    private static long size(JsonParser parser) throws IOException {
        InferJson.expect(parser, parser.currentToken(), JsonToken.VALUE_NUMBER_INT, "a whole number as a size");
        long size = parser.getLongValue();
        if (size < 0) {
            throw new InputException("expected sizes of 0 or more, received " + size);
        }
        return size;
    }

    private static String text(JsonParser parser, String key) throws IOException {
        InferJson.expect(parser, parser.currentToken(), JsonToken.VALUE_STRING, "a text as \"" + key + "\"");
        return InferJson.text(parser);
    }

    private static InputException unknown(String key, String known) {
        return new InputException("unknown key \"" + key + "\" (known: " + known + ")");
    }
}
