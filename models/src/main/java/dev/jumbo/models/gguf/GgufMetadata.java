package dev.jumbo.models.gguf;

import dev.jumbo.error.InputException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The values of a file by their keys: {@code Long}, {@code Double}, {@code Boolean}, {@code String}, and arrays of them. */
final class GgufMetadata {
    private static final int UINT8 = 0;
    private static final int INT8 = 1;
    private static final int UINT16 = 2;
    private static final int INT16 = 3;
    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int BOOL = 7;
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final int UINT64 = 10;
    private static final int INT64 = 11;
    private static final int FLOAT64 = 12;

    private final String file;
    private final Map<String, Object> values = new LinkedHashMap<>();

    private GgufMetadata(String file) {
        this.file = file;
    }

    static GgufMetadata read(GgufCursor in, int count, String file) {
        GgufMetadata read = new GgufMetadata(file);
        for (int i = 0; i < count; i++) {
            String key = in.text("key " + i);
            int type = in.int32();
            if (read.values.put(key, type == ARRAY ? read.array(in, key) : read.value(in, type, key)) != null) {
                throw new InputException(file + ": expected one value of \"" + key + "\", received two");
            }
        }
        return read;
    }

    private Object value(GgufCursor in, int type, String key) {
        return switch (type) {
            case UINT8 -> (long) in.int8() & 0xff;
            case INT8 -> (long) in.int8();
            case UINT16 -> (long) in.int16() & 0xffff;
            case INT16 -> (long) in.int16();
            case UINT32 -> in.int32() & 0xffffffffL;
            case INT32 -> (long) in.int32();
            case FLOAT32 -> (double) Float.intBitsToFloat(in.int32());
            case BOOL -> in.int8() != 0;
            case STRING -> in.text("\"" + key + "\"");
            case UINT64, INT64 -> in.int64();
            case FLOAT64 -> Double.longBitsToDouble(in.int64());
            default ->
                throw new InputException(file + ": \"" + key + "\": expected a value of a type from 0 to 12, not an"
                        + " array of arrays, received the type " + Integer.toUnsignedString(type));
        };
    }

    private Object array(GgufCursor in, String key) {
        int type = in.int32();
        String what = "values of \"" + key + "\"";
        switch (type) {
            case STRING -> {
                String[] texts = new String[in.count(8, what)];
                for (int i = 0; i < texts.length; i++) {
                    texts[i] = in.text("\"" + key + "\"");
                }
                return texts;
            }
            case FLOAT32, FLOAT64 -> {
                double[] numbers = new double[in.count(type == FLOAT32 ? 4 : 8, what)];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = (Double) value(in, type, key);
                }
                return numbers;
            }
            case BOOL -> {
                long[] truths = new long[in.count(1, what)];
                for (int i = 0; i < truths.length; i++) {
                    truths[i] = in.int8() != 0 ? 1 : 0;
                }
                return truths;
            }
            default -> {
                int bytes = type == UINT64 || type == INT64 ? 8 : type >= UINT32 ? 4 : type >= UINT16 ? 2 : 1;
                long[] numbers = new long[in.count(bytes, what)];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = (Long) value(in, type == ARRAY ? -1 : type, key);
                }
                return numbers;
            }
        }
    }

    Set<String> keys() {
        return values.keySet();
    }

    private <T> Optional<T> get(String key, Class<T> type, String expected) {
        Object value = values.get(key);
        if (value != null && !type.isInstance(value)) {
            throw new InputException(file + ": \"" + key + "\": expected " + expected + ", received "
                    + (value.getClass().isArray() ? "an array" : value));
        }
        return Optional.ofNullable(type.cast(value));
    }

    private InputException missing(String key) {
        return new InputException(
                file + ": expected a value of \"" + key + "\", found none; it has " + values.keySet());
    }

    Optional<String> text(String key) {
        return get(key, String.class, "a text");
    }

    String requireText(String key) {
        return text(key).orElseThrow(() -> missing(key));
    }

    long number(String key, long otherwise) {
        return get(key, Long.class, "a whole number").orElse(otherwise);
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** A size from 1 on. */
    int size(String key) {
        long value = get(key, Long.class, "a whole number").orElseThrow(() -> missing(key));
        if (value < 1 || value > Integer.MAX_VALUE / 4) {
            throw new InputException(
                    file + ": \"" + key + "\": expected a size of 1 or more, received " + Long.toUnsignedString(value));
        }
        return (int) value;
    }

    double real(String key, double otherwise) {
        return get(key, Double.class, "a number").orElse(otherwise);
    }

    boolean truth(String key, boolean otherwise) {
        return get(key, Boolean.class, "true or false").orElse(otherwise);
    }

    String[] texts(String key) {
        return get(key, String[].class, "texts").orElseThrow(() -> missing(key));
    }

    Optional<long[]> numbers(String key) {
        return get(key, long[].class, "whole numbers");
    }

    Optional<double[]> reals(String key) {
        return get(key, double[].class, "numbers");
    }

    InputException wrong(String message) {
        return new InputException(file + ": " + message);
    }
}
