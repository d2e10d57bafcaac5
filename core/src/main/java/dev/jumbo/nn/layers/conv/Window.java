package dev.jumbo.nn.layers.conv;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Convolutions;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A window that slides over the spatial dimensions of {@code [C, L]} or {@code [C, H, W]}: the arithmetic that
 * convolutions and pooling share.
 */
final class Window {
    private final long[] kernel;
    private final long[] stride;
    private final long[] dilation;
    private final Padding padding;

    private Window(String layer, long[] kernel, long[] stride, Padding padding, long[] dilation) {
        requirePositive(layer, "kernel", kernel);
        requirePositive(layer, "stride", stride);
        requirePositive(layer, "dilation", dilation);
        this.kernel = kernel;
        this.stride = stride;
        this.dilation = dilation;
        this.padding = padding;
    }

    /** @param layer the kind of layer, for errors */
    static Window of(String layer, Size2d kernel, Size2d stride, Padding padding, Size2d dilation) {
        return new Window(layer, kernel.toArray(), stride.toArray(), padding, dilation.toArray());
    }

    /** In one dimension. */
    static Window of(String layer, int kernel, int stride, Padding padding, int dilation) {
        if (padding instanceof Padding.Fixed fixed
                && fixed.size().height() != fixed.size().width()) {
            throw new InputException(
                    layer + ": expected one number or \"same\" as padding, received the pair " + fixed.toPlain());
        }
        return new Window(layer, new long[] {kernel}, new long[] {stride}, padding, new long[] {dilation});
    }

    private static void requirePositive(String layer, String what, long[] sizes) {
        if (Arrays.stream(sizes).anyMatch(s -> s < 1)) {
            throw new InputException(
                    layer + ": expected a " + what + " of 1 or more, received " + Arrays.toString(sizes));
        }
    }

    /** Pooling pads at most half a window, or a window could hold nothing but padding. */
    Window requireHalfPadding(String layer) {
        if (padding instanceof Padding.Fixed fixed) {
            long[] zeros = kernel.length == 1
                    ? new long[] {fixed.size().width()}
                    : fixed.size().toArray();
            for (int d = 0; d < kernel.length; d++) {
                if (zeros[d] * 2 > kernel[d]) {
                    throw new InputException(layer + ": expected a padding of at most half of the pool size "
                            + Arrays.toString(kernel) + ", received " + padding.toPlain());
                }
            }
        }
        return this;
    }

    long[] kernel() {
        return kernel;
    }

    long[] stride() {
        return stride;
    }

    long[] dilation() {
        return dilation;
    }

    Padding padding() {
        return padding;
    }

    /** Number of values in the window: {@code k} or {@code kh * kw}. */
    long area() {
        return Arrays.stream(kernel).reduce(1, (a, b) -> a * b);
    }

    /** {@code dilation * (kernel - 1) + 1}: what a dilated kernel spans. */
    long extent(int d) {
        return dilation[d] * (kernel[d] - 1) + 1;
    }

    /** {@code [channels, outputs...]}. @throws ShapeException if the input has another rank or is smaller than the window */
    Shape outputShape(Shape input, long channels) {
        requireRank(input);
        Sides sides = sides(input);
        long[] sizes = new long[kernel.length + 1];
        sizes[0] = channels;
        for (int d = 0; d < kernel.length; d++) {
            long room = input.size(d + 1) + sides.before[d] + sides.after[d] - extent(d);
            if (room < 0) {
                throw new ShapeException("", expected(), input);
            }
            sizes[d + 1] = room / stride[d] + 1;
        }
        return Shape.of(sizes);
    }

    void requireRank(Shape input) {
        if (input.rank() != kernel.length + 1 || input.elements() == 0) {
            throw new ShapeException("", expected(), input);
        }
    }

    private String expected() {
        long[] extents =
                LongStream.range(0, kernel.length).map(d -> extent((int) d)).toArray();
        return (kernel.length == 1 ? "a sequence [C, L]" : "an image [C, H, W]")
                + " that is, with its padding, at least " + Arrays.toString(extents) + " long in its last "
                + (kernel.length == 1 ? "dimension" : "dimensions");
    }

    /** What is added around an input. */
    Sides sides(Shape input) {
        long[] before = new long[kernel.length];
        long[] after = new long[kernel.length];
        for (int d = 0; d < kernel.length; d++) {
            if (padding instanceof Padding.Fixed fixed) {
                before[d] = d == kernel.length - 1
                        ? fixed.size().width()
                        : fixed.size().height();
                after[d] = before[d];
            } else {
                long in = input.size(d + 1);
                long outputs = (in + stride[d] - 1) / stride[d];
                long total = Math.max(0, (outputs - 1) * stride[d] + extent(d) - in);
                before[d] = total / 2;
                after[d] = total - before[d];
            }
        }
        return new Sides(before, after);
    }

    /** Values added in front of and behind each spatial dimension. */
    static final class Sides {
        private final long[] before;
        private final long[] after;
        private final long @Nullable [] uneven;

        private Sides(long[] before, long[] after) {
            this.before = before;
            this.after = after;
            this.uneven = Arrays.equals(before, after) ? null : lastFirst(before, after);
        }

        /** Whether all sides are equal, so that the operation pads by itself. */
        boolean areEven() {
            return uneven == null;
        }

        /** What the operation is to add itself: nothing where {@link #applyUneven} does. */
        long[] forOperation() {
            return areEven() ? before : new long[before.length];
        }

        /** The padded input where the sides differ, otherwise the input. */
        Tensor applyUneven(Tensor x, double value) {
            return uneven == null ? x : Convolutions.pad(x, uneven, value);
        }

        private static long[] lastFirst(long[] before, long[] after) {
            long[] pairs = new long[2 * before.length];
            for (int d = 0; d < before.length; d++) {
                int at = 2 * (before.length - 1 - d);
                pairs[at] = before[d];
                pairs[at + 1] = after[d];
            }
            return pairs;
        }
    }
}
