package dev.jumbo.onnx.format;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A setting of a node ({@code AttributeProto}).
 *
 * @param name that the operator gives it
 * @param value Float, Long, String, {@code float[]}, {@code long[]}, a list of Strings or an {@link OnnxConstant}
 */
public record OnnxAttribute(String name, Object value) {
    private static final int FLOAT = 1;
    private static final int INT = 2;
    private static final int STRING = 3;
    private static final int TENSOR = 4;
    private static final int FLOATS = 6;
    private static final int INTS = 7;
    private static final int STRINGS = 8;

    public static OnnxAttribute of(String name, double value) {
        return new OnnxAttribute(name, (float) value);
    }

    public static OnnxAttribute of(String name, long value) {
        return new OnnxAttribute(name, value);
    }

    public static OnnxAttribute of(String name, String value) {
        return new OnnxAttribute(name, value);
    }

    public static OnnxAttribute of(String name, long[] values) {
        return new OnnxAttribute(name, values);
    }

    public static OnnxAttribute of(String name, List<String> values) {
        return new OnnxAttribute(name, List.copyOf(values));
    }

    public static OnnxAttribute of(String name, OnnxConstant value) {
        return new OnnxAttribute(name, value);
    }

    Message message() {
        Message made = new Message().text(1, name);
        if (value instanceof Float real) {
            return made.real(2, real).integer(20, FLOAT);
        }
        if (value instanceof Long whole) {
            return made.integer(3, whole).integer(20, INT);
        }
        if (value instanceof String text) {
            return made.bytes(4, text.getBytes(StandardCharsets.UTF_8)).integer(20, STRING);
        }
        if (value instanceof OnnxConstant constant) {
            return made.message(5, constant.inFile()).integer(20, TENSOR);
        }
        if (value instanceof float[] reals) {
            for (float real : reals) {
                made.real(7, real);
            }
            return made.integer(20, FLOATS);
        }
        if (value instanceof long[] wholes) {
            return made.integers(8, wholes).integer(20, INTS);
        }
        if (value instanceof List<?> texts) {
            texts.forEach(text -> made.bytes(9, text.toString().getBytes(StandardCharsets.UTF_8)));
            return made.integer(20, STRINGS);
        }
        throw new IllegalArgumentException("no attribute of the type " + value.getClass());
    }
}
