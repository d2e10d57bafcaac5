package dev.jumbo.nn.weights;

import dev.jumbo.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** How the values of frozen parameters lie in memory; they are brought to the type of the pass when they are used. */
public enum Storage {
    /** 4 bytes a value. */
    FP32,
    /** 2 bytes a value of matrices, kernels and biases; scale and shift of normalisations stay in fp32. */
    BF16,
    /**
     * 1 byte a value of matrices and kernels, and 4 bytes a row: {@code q = round(w / s)} with {@code s = max |w| / 127} over
     * the row, the first dimension of PyTorch's shape. Vectors stay in fp32.
     */
    INT8,
    /** As {@link #INT8} with half a byte a value, from -7 to 7: {@code s = max |w| / 7}. */
    INT4;

    /** Bytes that values of a shape take, with the scales of their rows. */
    public long bytes(Shape shape) {
        return bytes(shape, null);
    }

    /** As {@link #bytes(Shape)}. @param groupSize of values in a row that share a scale; null for one scale a row */
    public long bytes(Shape shape, @Nullable Integer groupSize) {
        long values = shape.elements();
        long rows = shape.rank() == 0 ? 1 : shape.size(0);
        long columns = values / Math.max(1, rows);
        long scales = Float.BYTES * rows * (columns / Math.max(1, group(columns, groupSize)));
        return switch (this) {
            case FP32 -> Float.BYTES * values;
            case BF16 -> Short.BYTES * values;
            case INT8 -> values + scales;
            case INT4 -> (values + 1) / 2 + scales;
        };
    }

    /**
     * How many neighbours of a row share a scale: the largest divisor of the row's length from half of what is asked for to that; all of
     * the row if there is none, or nothing is asked for.
     */
    public static long group(long columns, @Nullable Integer groupSize) {
        if (groupSize != null) {
            for (long size = groupSize; 2 * size >= groupSize && size > 0; size--) {
                if (columns % size == 0 && columns > 0) {
                    return size;
                }
            }
        }
        return columns;
    }
}
