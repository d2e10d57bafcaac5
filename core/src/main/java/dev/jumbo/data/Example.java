package dev.jumbo.data;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * The raw values of one example of a stream.
 *
 * @param values an array for each field, inputs first, then targets: {@code float[]}, {@code double[]}, {@code long[]} or {@code
 *     boolean[]} in row-major order, of as many steps as this example has where the field is ragged; {@code byte[]} for bytes and
 *     text
 * @param weight what it counts beside others, 0 or more
 */
public record Example(List<Object> values, double weight) {
    public Example {
        values = List.copyOf(values);
    }

    /** Values of all fields in order, of weight 1; a single number may stand for an array of it. */
    public static Example of(Object... values) {
        List<Object> arrays = new ArrayList<>();
        for (Object value : values) {
            arrays.add(array(value));
        }
        return new Example(arrays, 1);
    }

    private static Object array(Object value) {
        if (value instanceof Long || value instanceof Integer) {
            return new long[] {((Number) value).longValue()};
        }
        if (value instanceof Float number) {
            return new float[] {number};
        }
        return value instanceof Double number ? new double[] {number} : value;
    }

    /** The same with another weight. */
    public Example weight(double other) {
        return new Example(values, other);
    }

    /** Steps of a ragged field. */
    int length(int index, Field field) {
        return count(values.get(index)) / field.unit();
    }

    /**
     * Checks it against the fields of its stream.
     *
     * @throws InputException if values are missing, of another type or number, or the weight is negative or not finite
     */
    void check(List<Field> fields, String where) {
        if (values.size() != fields.size()) {
            throw new InputException(
                    where + ": expected values of the fields " + fields + ", received " + values.size());
        }
        if (!ExampleWeights.fits(weight)) {
            throw new InputException(where + ": expected a weight from 0 to 3.4e38, received " + weight
                    + "; give 0 to an example that is not to count");
        }
        for (int f = 0; f < fields.size(); f++) {
            check(fields.get(f), values.get(f), where);
        }
    }

    private static void check(Field field, Object value, String where) {
        Class<?> expected = type(field.dtype());
        if (!expected.isInstance(value)) {
            throw new InputException(where + ": expected " + expected.getSimpleName() + " in the field " + field.name()
                    + ", received " + value.getClass().getSimpleName());
        }
        if (field.isBytes()) {
            return;
        }
        int held = count(value);
        if (!field.isRagged() && held != field.elements()) {
            throw new InputException(where + ": expected " + field.elements() + " values in the field " + field.name()
                    + ", received " + held);
        }
        int unit = field.unit();
        if (field.isRagged()
                && (held == 0 || held % unit != 0 || held / unit > field.shape().size(0))) {
            throw new InputException(where + ": expected 1 to " + field.shape().size(0) + " steps of " + unit
                    + " in the field " + field.name() + ", received " + held
                    + " values; declare a longer field, or leave such examples out");
        }
    }

    private static Class<?> type(DType type) {
        return switch (type) {
            case FLOAT32 -> float[].class;
            case FLOAT64 -> double[].class;
            case INT64 -> long[].class;
            case UINT8 -> byte[].class;
            default -> boolean[].class;
        };
    }

    static int count(Object array) {
        return java.lang.reflect.Array.getLength(array);
    }
}
