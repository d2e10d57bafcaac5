package dev.jumbo.nn.layers.conv;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;

/**
 * The window of a transposed convolution: each input value spreads over a window of the output. With a padding of
 * {@code same} the output is {@code input * stride} long, as in Keras; where that cuts off an uneven number, the one more
 * is cut off at the bottom and right.
 */
final class TransposedWindow {
    private final Window window;
    private final long[] cut;
    private final long[] added;
    private final boolean same;

    /** @param outputPadding rows added at the end, below the stride or the dilation; 0 with {@code same} */
    TransposedWindow(String layer, Window window, long[] outputPadding) {
        this.window = window;
        this.same = window.padding() instanceof Padding.Same;
        int rank = window.kernel().length;
        this.cut = new long[rank];
        this.added = outputPadding;
        for (int d = 0; d < rank; d++) {
            requireOutputPadding(layer, window, outputPadding[d], d, same);
            if (window.padding() instanceof Padding.Fixed fixed) {
                cut[d] = d == rank - 1 ? fixed.size().width() : fixed.size().height();
            } else {
                long total = window.extent(d) - window.stride()[d];
                cut[d] = Math.max(0, total) / 2;
                added[d] = Math.max(0, -total);
            }
        }
    }

    private static void requireOutputPadding(String layer, Window window, long padding, int d, boolean same) {
        if (same ? padding != 0 : padding >= Math.max(window.stride()[d], window.dilation()[d])) {
            throw new InputException(layer + ": expected an output padding "
                    + (same ? "of 0 with the padding \"same\"" : "below the stride or the dilation") + ", received "
                    + padding);
        }
    }

    Shape outputShape(Shape input, long channels) {
        window.requireRank(input);
        long[] sizes = new long[input.rank()];
        sizes[0] = channels;
        for (int d = 0; d < sizes.length - 1; d++) {
            long in = input.size(d + 1);
            long full = (in - 1) * window.stride()[d] + window.extent(d) - 2 * cut[d] + added[d];
            sizes[d + 1] = same ? in * window.stride()[d] : full;
            if (sizes[d + 1] < 1) {
                throw new ShapeException(
                        "",
                        "an output of 1 or more values, (input - 1) stride - 2 padding + dilation (kernel - 1) + 1 +"
                                + " output_padding",
                        sizes[d + 1] + " for the input " + input + "; lower the padding");
            }
        }
        return Shape.of(sizes);
    }

    Window window() {
        return window;
    }

    /** What the operation cuts off on both sides. */
    long[] cut() {
        return cut;
    }

    /** What the operation adds at the end. */
    long[] added() {
        return added;
    }

    /** The operation's result without what an uneven {@code same} cuts off at the end. */
    Tensor trim(Tensor y, Tensor x) {
        Tensor trimmed = y;
        for (int d = 0; same && d < cut.length; d++) {
            long size = x.size(d + 2) * window.stride()[d];
            if (trimmed.size(d + 2) > size) {
                trimmed = trimmed.narrow(d + 2, 0, size);
            }
        }
        return trimmed;
    }
}
