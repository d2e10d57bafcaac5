package dev.jumbo.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the answer to an infer request: JSON, and behind it the values of outputs that say {@code binary_data_size}, in their order; those
 * of others stand in the JSON. A server is believed in nothing: what does not fit is a {@link ServerException}, before anything is
 * allocated for it.
 */
final class AnswerReader {
    private final JsonParser json;
    private final byte[] body;
    private int at;

    private AnswerReader(JsonParser json, byte[] body, int jsonLength) {
        this.json = json;
        this.body = body;
        at = jsonLength;
    }

    /** The tensors of an answer by name. @throws ServerException if it is none */
    static Map<String, NamedTensor> read(byte[] body, int jsonLength) {
        try (JsonParser json = InferCall.JSON.createParser(body, 0, jsonLength)) {
            return new AnswerReader(json, body, jsonLength).outputs();
        } catch (JsonProcessingException e) {
            throw none("its JSON is damaged: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw none("its JSON is damaged", e);
        } catch (IllegalArgumentException e) {
            throw none(String.valueOf(e.getMessage()), e);
        }
    }

    private static ServerException none(String why, Throwable cause) {
        return new ServerException("the answer is none of V2: " + why, cause);
    }

    private void require(JsonToken wanted, String where) {
        if (json.currentToken() != wanted) {
            throw new IllegalArgumentException("expected " + wanted.name() + " as " + where + ", received "
                    + (json.currentToken() == null
                            ? "nothing"
                            : json.currentToken().name()));
        }
    }

    private Map<String, NamedTensor> outputs() throws IOException {
        Map<String, NamedTensor> outputs = new LinkedHashMap<>();
        json.nextToken();
        require(JsonToken.START_OBJECT, "the answer");
        while (json.nextToken() != JsonToken.END_OBJECT) {
            boolean here = json.currentName().equals("outputs");
            json.nextToken();
            if (!here) {
                json.skipChildren();
                continue;
            }
            require(JsonToken.START_ARRAY, "outputs");
            while (json.nextToken() != JsonToken.END_ARRAY) {
                require(JsonToken.START_OBJECT, "an output");
                NamedTensor output = output();
                outputs.put(output.name(), output);
            }
        }
        if (at != body.length) {
            throw new IllegalArgumentException(body.length - at + " bytes more than its outputs have");
        }
        return outputs;
    }

    private NamedTensor output() throws IOException {
        String name = "";
        String datatype = "";
        long[] shape = {};
        int size = -1;
        Values values = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            json.nextToken();
            switch (key) {
                case "name" -> name = text(key);
                case "datatype" -> datatype = text(key);
                case "shape" -> shape = shape();
                case "parameters" -> size = size();
                case "data" -> {
                    require(JsonToken.START_ARRAY, key);
                    values = new Values();
                    values.read(json);
                }
                default -> json.skipChildren();
            }
        }
        if (values != null) {
            return values.tensor(name, datatype, shape);
        }
        if (size < 0 || size > body.length - at) {
            throw new IllegalArgumentException("\"" + name + "\": expected data, or a binary_data_size of at most "
                    + (body.length - at) + ", the bytes behind the JSON");
        }
        at += size;
        return NamedTensor.decoded(name, datatype, shape, Arrays.copyOfRange(body, at - size, at));
    }

    private String text(String key) throws IOException {
        require(JsonToken.VALUE_STRING, key);
        return json.getText();
    }

    private long[] shape() throws IOException {
        require(JsonToken.START_ARRAY, "shape");
        List<Long> sizes = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(JsonToken.VALUE_NUMBER_INT, "a size");
            sizes.add(json.getLongValue());
        }
        return sizes.stream().mapToLong(each -> each).toArray();
    }

    /** {@code binary_data_size}; -1 where it is not among the parameters. */
    private int size() throws IOException {
        require(JsonToken.START_OBJECT, "parameters");
        int size = -1;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            boolean binary = json.currentName().equals("binary_data_size");
            json.nextToken();
            if (binary) {
                require(JsonToken.VALUE_NUMBER_INT, "binary_data_size");
                size = json.getIntValue();
            }
            json.skipChildren();
        }
        return size;
    }

    /** Values of a JSON list, flat or nested. The datatype may stand behind them. */
    private static final class Values {
        private double[] numbers = new double[16];
        private long[] wholes = new long[16];
        private final List<byte[]> texts = new ArrayList<>();
        private int size;
        private boolean fractions;

        void read(JsonParser json) throws IOException {
            for (int open = 1; open > 0; ) {
                switch (json.nextToken()) {
                    case START_ARRAY -> open++;
                    case END_ARRAY -> open--;
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                        boolean whole = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                                && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
                        fractions |= !whole;
                        add(json.getDoubleValue(), whole ? json.getLongValue() : 0);
                    }
                    case VALUE_STRING -> texts.add(json.getText().getBytes(StandardCharsets.UTF_8));
                    default ->
                        throw new IllegalArgumentException(
                                "expected numbers or texts as data, received " + json.currentToken());
                }
            }
        }

        private void add(double number, long whole) {
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, Math.multiplyExact(size, 2));
                wholes = Arrays.copyOf(wholes, numbers.length);
            }
            numbers[size] = number;
            wholes[size++] = whole;
        }

        NamedTensor tensor(String name, String datatype, long[] shape) {
            if (datatype.equals("BYTES") ? size > 0 : !texts.isEmpty() || fractions && !datatype.equals("FP32")) {
                throw new IllegalArgumentException("\"" + name + "\": expected data of " + datatype);
            }
            return switch (datatype) {
                case "FP32" -> {
                    float[] floats = new float[size];
                    for (int i = 0; i < size; i++) {
                        floats[i] = (float) numbers[i];
                    }
                    yield NamedTensor.floats(name, floats, shape);
                }
                case "INT64" -> NamedTensor.longs(name, Arrays.copyOf(wholes, size), shape);
                case "UINT8" -> NamedTensor.bytes(name, bytes(name), shape);
                case "BYTES" -> NamedTensor.contents(name, texts, shape);
                default -> throw NamedTensor.unread(datatype);
            };
        }

        private byte[] bytes(String name) {
            var out = new ByteArrayOutputStream();
            for (int i = 0; i < size; i++) {
                if (wholes[i] < 0 || wholes[i] > 255) {
                    throw new IllegalArgumentException("\"" + name + "\": expected 0 to 255, received " + wholes[i]);
                }
                out.write((int) wholes[i]);
            }
            return out.toByteArray();
        }
    }
}
