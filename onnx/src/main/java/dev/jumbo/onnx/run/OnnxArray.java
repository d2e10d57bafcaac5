package dev.jumbo.onnx.run;

import dev.jumbo.error.InputException;
import java.lang.reflect.Array;
import java.util.Arrays;

/**
 * Values of a model's input or output.
 *
 * @param values row-major: float[], double[], long[], int[], byte[], boolean[] or String[]
 * @param shape with the batch
 */
public record OnnxArray(Object values, long... shape) {
    public OnnxArray {
        long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (!values.getClass().isArray() || Array.getLength(values) != elements) {
            throw new InputException("expected an array of " + elements + " values for the shape "
                    + Arrays.toString(shape) + ", received "
                    + (values.getClass().isArray() ? Array.getLength(values) + " values" : "no array"));
        }
    }

    /** Numbers, whatever their type; truth values are 0 and 1. @throws InputException of texts */
    public float[] toFloats() {
        if (values instanceof float[] floats) {
            return floats;
        }
        if (values instanceof String[]) {
            throw new InputException("expected numbers, received texts");
        }
        float[] floats = new float[Array.getLength(values)];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values instanceof boolean[] truths
                    ? (truths[i] ? 1 : 0)
                    : ((Number) Array.get(values, i)).floatValue();
        }
        return floats;
    }
}
