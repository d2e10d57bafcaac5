package dev.jumbo.data.arrays;

import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;

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
}
