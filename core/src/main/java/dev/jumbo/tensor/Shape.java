package dev.jumbo.tensor;

import dev.jumbo.config.Scalar;
import dev.jumbo.error.InputException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The sizes of a tensor's dimensions, none negative. In descriptions a shape is that of one example, without the batch:
 * {@code [1, 28, 28]} is one grey image of 28 by 28 pixels.
 */
public final class Shape {
    private final long[] sizes;

    private Shape(long[] sizes) {
        this.sizes = sizes;
    }

    /** @throws InputException if a size is negative or the number of elements exceeds 2^63 - 1 */
    @Scalar
    public static Shape of(long... sizes) {
        long count = 1;
        for (long size : sizes) {
            if (size < 0) {
                throw new InputException("expected sizes of 0 or more, received " + Arrays.toString(sizes));
            }
            try {
                count = Math.multiplyExact(count, size);
            } catch (ArithmeticException e) {
                throw new InputException("the shape " + Arrays.toString(sizes) + " has more than 2^63 elements", e);
            }
        }
        return new Shape(sizes.clone());
    }

    public int rank() {
        return sizes.length;
    }

    /** The size of one dimension; a negative index counts from the end, -1 being the last. */
    public long size(int dim) {
        return sizes[dim < 0 ? dim + sizes.length : dim];
    }

    /** Number of elements: the product of the sizes, 1 for a scalar. */
    public long elements() {
        long count = 1;
        for (long size : sizes) {
            count *= size;
        }
        return count;
    }

    @Scalar
    public long[] toArray() {
        return sizes.clone();
    }

    /** This shape behind another dimension: {@code Shape.of(3, 4).prepend(2)} is {@code [2, 3, 4]}. */
    public Shape prepend(long size) {
        return new Shape(
                LongStream.concat(LongStream.of(size), LongStream.of(sizes)).toArray());
    }

    /** The sizes from one dimension (inclusive) to another (exclusive). */
    public Shape slice(int from, int to) {
        return new Shape(Arrays.copyOfRange(sizes, from, to));
    }

    /** This shape with one size changed; a negative index counts from the end. */
    public Shape with(int dim, long size) {
        int at = dim < 0 ? dim + sizes.length : dim;
        return new Shape(IntStream.range(0, sizes.length)
                .mapToLong(i -> i == at ? size : sizes[i])
                .toArray());
    }

    /** This shape without one of its dimensions, counted from 0. */
    public Shape without(int dim) {
        return new Shape(IntStream.range(0, sizes.length)
                .filter(i -> i != dim)
                .mapToLong(i -> sizes[i])
                .toArray());
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Shape s && Arrays.equals(sizes, s.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    /** As in {@code [1, 28, 28]}. */
    @Override
    public String toString() {
        return LongStream.of(sizes).mapToObj(Long::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
