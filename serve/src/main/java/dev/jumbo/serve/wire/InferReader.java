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
 * binary_data_size}, in their order. Parameters that this server does not know are refused: ignoring one could change
 * what the answer means.
 */
public final class InferReader {
    private static final int MAX_RANK = 16;
    private static final int MAX_TENSORS = 1024;

    private final ByteBuffer binary;
    private final List<InferRequest.Input> inputs = new ArrayList<>();
    private final List<InferRequest.Output> outputs = new ArrayList<>();
    private @Nullable String id;
    private boolean binaryOutputs;

    private InferReader(ByteBuffer binary) {
        this.binary = binary;
    }

    /**
     * Reads and checks a request.
     *
     * @param jsonLength the header {@code Inference-Header-Content-Length}, or null where the body is JSON alone
     * @throws InputException at the first thing that is wrong
     */
    public static InferRequest read(byte[] body, @Nullable String jsonLength) {
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
        return new InferRequest(reader.id, reader.inputs, reader.outputs, reader.binaryOutputs);
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
                case "parameters" ->
                    readParameters(parser, (name, value) -> {
                        requireParameter(name, "binary_data_output");
                        binaryOutputs = bool(value, name);
                    });
                default -> throw unknown(key, "id, inputs, outputs, parameters");
            }
        }
    }

    private void readInput(JsonParser parser) throws IOException {
        String name = null;
        String type = null;
        long[] shape = null;
        JsonData data = null;
        long[] binarySize = {-1};
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
                case "parameters" ->
                    readParameters(parser, (parameter, value) -> {
                        requireParameter(parameter, "binary_data_size");
                        binarySize[0] = size(value);
                    });
                default -> throw unknown(key, "name, shape, datatype, parameters, data");
            }
        }
        if (name == null || type == null || shape == null) {
            throw new InputException("expected name, shape and datatype for each input");
        }
        Datatype datatype = Datatype.named(name, type);
        if ((data == null) == (binarySize[0] < 0)) {
            throw new InputException("input \"" + name + "\": expected either data or a binary_data_size, received "
                    + (data == null ? "none" : "both"));
        }
        Elements elements = counted(name, shape, data == null ? binary(name, datatype, shape, binarySize[0]) : data);
        if (data != null && !data.isNestedAs(shape)) {
            throw new InputException("input \"" + name + "\": expected data as one flat list, or nested as the shape "
                    + Arrays.toString(shape) + ", received lists of the lengths " + data.nesting());
        }
        datatype.require(name, shape, elements);
        inputs.add(new InferRequest.Input(name, datatype, shape, elements));
    }

    private static Elements counted(String name, long[] shape, Elements data) {
        long elements = elements(name, shape);
        if (data.size() != elements) {
            throw new InputException("input \"" + name + "\": expected " + elements + " values for the shape "
                    + Arrays.toString(shape) + ", received " + data.size());
        }
        return data;
    }

    private Elements binary(String name, Datatype datatype, long[] shape, long size) {
        long expected;
        try {
            expected = Math.multiplyExact(elements(name, shape), datatype.bytes());
        } catch (ArithmeticException e) {
            throw tooLarge(name, shape, e);
        }
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

    private static long elements(String name, long[] shape) {
        long elements = 1;
        try {
            for (long size : shape) {
                elements = Math.multiplyExact(elements, size);
            }
        } catch (ArithmeticException e) {
            throw tooLarge(name, shape, e);
        }
        return elements;
    }

    private static InputException tooLarge(String name, long[] shape, ArithmeticException cause) {
        return new InputException(
                "input \"" + name + "\": the shape " + Arrays.toString(shape) + " has more than 2^63 bytes", cause);
    }

    private void readOutput(JsonParser parser) throws IOException {
        String name = null;
        Boolean[] binaryData = {null};
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "name" -> name = text(parser, "name");
                case "parameters" ->
                    readParameters(parser, (parameter, value) -> {
                        requireParameter(parameter, "binary_data");
                        binaryData[0] = bool(value, parameter);
                    });
                default -> throw unknown(key, "name, parameters");
            }
        }
        if (name == null) {
            throw new InputException("expected a name for each output");
        }
        outputs.add(new InferRequest.Output(name, binaryData[0]));
    }

    // ---- pieces -----------------------------------------------------------------------------------------------------

    /** Reads one object of a list; the parser has just entered it. */
    private interface ItemReader {
        void read(JsonParser parser) throws IOException;
    }

    /** Takes the value of one parameter, which the parser stands on. */
    private interface ParameterReader {
        void read(String name, JsonParser value) throws IOException;
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

    private static void readParameters(JsonParser parser, ParameterReader reader) throws IOException {
        InferJson.expect(parser, parser.currentToken(), JsonToken.START_OBJECT, "an object as \"parameters\"");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            reader.read(name, parser);
        }
    }

    private static void requireParameter(String name, String known) {
        if (!name.equals(known)) {
            throw new InputException(
                    "this server can't honour the parameter \"" + name + "\" here (known: " + known + ")");
        }
    }

    private static long[] shape(JsonParser parser) throws IOException {
        InferJson.expect(parser, parser.currentToken(), JsonToken.START_ARRAY, "a list as \"shape\"");
        List<Long> sizes = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            long size = size(parser);
            if (sizes.size() == MAX_RANK) {
                throw new InputException("expected at most " + MAX_RANK + " dimensions");
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
        return parser.getText();
    }

    private static boolean bool(JsonParser parser, String key) throws IOException {
        if (!parser.currentToken().isBoolean()) {
            throw new InputException("expected true or false as \"" + key + "\"");
        }
        return parser.getBooleanValue();
    }

    private static InputException unknown(String key, String known) {
        return new InputException("unknown key \"" + key + "\" (known: " + known + ")");
    }
}
