package dev.jumbo.nn.layers.conv;

import dev.jumbo.config.Scalar;
import dev.jumbo.error.InputException;
import java.util.List;

/**
 * What surrounds an input before windows slide over it; files write {@code same}, {@code valid}, {@code 1} or {@code
 * [1, 2]}.
 */
public sealed interface Padding {
    /** Nothing is added: {@code valid}, or 0. */
    static Padding valid() {
        return new Fixed(Size2d.of(0));
    }

    /**
     * As much as makes the output {@code ceil(input / stride)} long, as in Keras: half of it on each side, and where the
     * total is uneven, the one more at the bottom and right.
     */
    static Padding same() {
        return new Same();
    }

    /** The same number on all sides, as in PyTorch. */
    @Scalar
    static Padding of(int size) {
        return new Fixed(Size2d.of(size));
    }

    /** Rows above and below, columns left and right. */
    static Padding of(int height, int width) {
        return new Fixed(Size2d.of(height, width));
    }

    /** @throws InputException if it is none of the names */
    @Scalar
    static Padding of(String name) {
        return switch (name) {
            case "same" -> same();
            case "valid" -> valid();
            default ->
                throw new InputException(
                        "expected the padding \"same\", \"valid\", a number or a pair, received \"" + name + "\"");
        };
    }

    /** @throws InputException unless there are two sizes */
    @Scalar
    static Padding of(List<Integer> pair) {
        return new Fixed(Size2d.of(pair));
    }

    /** As files write it. */
    @Scalar
    Object toPlain();

    /** See {@link Padding#same()}. */
    record Same() implements Padding {
        @Override
        public Object toPlain() {
            return "same";
        }
    }

    /**
     * A number that does not depend on the input.
     *
     * @param size on each side; a one-dimensional layer uses the width
     */
    record Fixed(Size2d size) implements Padding {
        @Override
        public Object toPlain() {
            return size.toPlain();
        }
    }
}
