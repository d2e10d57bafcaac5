package dev.jumbo.nn.layers.conv;

import dev.jumbo.config.Scalar;
import dev.jumbo.error.InputException;
import java.util.List;

/**
 * Height and width of a kernel, a step or a border; files write {@code 3} or {@code [3, 5]}.
 *
 * @param height rows, 0 or more
 * @param width columns, 0 or more
 */
public record Size2d(int height, int width) {
    static final Size2d ONE = new Size2d(1, 1);

    public Size2d {
        if (height < 0 || width < 0) {
            throw new InputException("expected sizes of 0 or more, received [" + height + ", " + width + "]");
        }
    }

    /** The same in both directions. */
    @Scalar
    public static Size2d of(int size) {
        return new Size2d(size, size);
    }

    public static Size2d of(int height, int width) {
        return new Size2d(height, width);
    }

    /** @throws InputException unless there are two sizes */
    @Scalar
    static Size2d of(List<Integer> pair) {
        if (pair.size() != 2) {
            throw new InputException("expected a whole number or a pair [height, width], received " + pair);
        }
        return of(pair.get(0), pair.get(1));
    }

    /** As files write it: one number where both are equal, or a pair. */
    @Scalar
    Object toPlain() {
        return height == width ? height : List.of(height, width);
    }

    long[] toArray() {
        return new long[] {height, width};
    }

    /** As files write it. */
    @Override
    public String toString() {
        return toPlain().toString();
    }
}
