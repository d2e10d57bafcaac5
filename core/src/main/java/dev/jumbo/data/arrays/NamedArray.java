package dev.jumbo.data.arrays;

import dev.jumbo.data.Meaning;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import java.lang.reflect.Array;

/**
 * An array of a file, in row-major order.
 *
 * @param shape examples first
 * @param dtype INT64 for whole numbers of 16 bits or more, FLOAT64 for those of 64 bits with a fraction, FLOAT32 otherwise
 * @param values a {@code long[]}, {@code double[]} or {@code float[]}
 * @param type of the numbers in the file, as numpy calls it: float16, float32, float64, bfloat16, int8 to int64, uint8 to uint64 or bool
 */
@SuppressWarnings("ArrayRecordComponent") // On its way to a column.
public record NamedArray(Shape shape, DType dtype, Object values, String type) {
    /** Examples: the first size. */
    public long rows() {
        return shape.rank() == 0 ? 0 : shape.size(0);
    }

    /** The shape of one example. */
    public Shape example() {
        return shape.slice(1, shape.rank());
    }

    /** What the numbers are. */
    public Meaning.Stored.Type stored() {
        return switch (type) {
            case "uint8" -> Meaning.Stored.Type.UINT8;
            case "int8" -> Meaning.Stored.Type.INT8;
            case "bool" -> Meaning.Stored.Type.BOOL;
            default -> dtype == DType.INT64 ? Meaning.Stored.Type.INT : Meaning.Stored.Type.FLOAT;
        };
    }

    /** Whole numbers, of 8 bits and truth values too, as INT64; itself where it has those or numbers with a fraction. */
    public NamedArray whole() {
        if (stored() == Meaning.Stored.Type.FLOAT || dtype == DType.INT64) {
            return this;
        }
        float[] floats = (float[]) values;
        long[] longs = new long[floats.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = (long) floats[i];
        }
        return new NamedArray(shape, DType.INT64, longs, type);
    }

    /** Numbers with a fraction in a type; itself where it has that. @param to FLOAT32, to which others are rounded, or FLOAT64 */
    public NamedArray as(DType to) {
        if (dtype == to || dtype == DType.INT64) {
            return this;
        }
        int count = Array.getLength(values);
        Object converted = to == DType.FLOAT64 ? new double[count] : new float[count];
        for (int i = 0; i < count; i++) {
            if (converted instanceof double[] doubles) {
                doubles[i] = number(i);
            } else {
                ((float[]) converted)[i] = (float) number(i);
            }
        }
        return new NamedArray(shape, to, converted, type);
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
        return new NamedArray(shape, dtype, ordered, type);
    }

    private void copy(int from, Object into, int to) {
        switch (dtype) {
            case FLOAT32 -> ((float[]) into)[to] = ((float[]) values)[from];
            case FLOAT64 -> ((double[]) into)[to] = ((double[]) values)[from];
            default -> ((long[]) into)[to] = ((long[]) values)[from];
        }
    }
}
