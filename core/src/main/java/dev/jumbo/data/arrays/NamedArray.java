package dev.jumbo.data.arrays;

import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import java.lang.reflect.Array;

/**
 * An array of a file, in row-major order.
 *
 * @param shape examples first
 * @param dtype INT64 for whole numbers of 16 bits or more, FLOAT64 for those of 64 bits with a fraction, FLOAT32 otherwise
 * @param values a {@code long[]}, {@code double[]} or {@code float[]}
 * @param ofBytes whether the file has whole numbers from 0 to 255, as of pixels
 */
@SuppressWarnings("ArrayRecordComponent") // On its way to a column.
public record NamedArray(Shape shape, DType dtype, Object values, boolean ofBytes) {
    /** Examples: the first size. */
    public long rows() {
        return shape.rank() == 0 ? 0 : shape.size(0);
    }

    /** The shape of one example. */
    public Shape example() {
        return shape.slice(1, shape.rank());
    }

    /** One value, whole ones rounded to the nearest double. */
    double number(int at) {
        return switch (dtype) {
            case FLOAT32 -> ((float[]) values)[at];
            case FLOAT64 -> ((double[]) values)[at];
            default -> ((long[]) values)[at];
        };
    }

    /** Of values that are in column-major order (Fortran's), the same array in row-major order; a second copy while it is made. */
    NamedArray rowsFirst() {
        if (shape.rank() < 2) {
            return this;
        }
        int count = Array.getLength(values);
        Object ordered = Array.newInstance(values.getClass().getComponentType(), count);
        int rank = shape.rank();
        // Steps in memory to the next index of each dimension, where the first runs fastest.
        int[] steps = new int[rank];
        int step = 1;
        for (int d = 0; d < rank; d++) {
            steps[d] = step;
            step *= (int) shape.size(d);
        }
        int[] index = new int[rank];
        int from = 0;
        for (int to = 0; to < count; to++) {
            copy(from, ordered, to);
            for (int d = rank - 1; d >= 0; d--) {
                from += steps[d];
                index[d]++;
                if (index[d] < shape.size(d)) {
                    break;
                }
                from -= steps[d] * index[d];
                index[d] = 0;
            }
        }
        return new NamedArray(shape, dtype, ordered, ofBytes);
    }

    private void copy(int from, Object into, int to) {
        switch (dtype) {
            case FLOAT32 -> ((float[]) into)[to] = ((float[]) values)[from];
            case FLOAT64 -> ((double[]) into)[to] = ((double[]) values)[from];
            default -> ((long[]) into)[to] = ((long[]) values)[from];
        }
    }
}
