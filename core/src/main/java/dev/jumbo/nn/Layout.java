package dev.jumbo.nn;

import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;

/**
 * How a parameter lies in the flat memory, where that differs from the row-major order of its PyTorch shape. Files always
 * hold PyTorch's order, so a layout never shows outside.
 */
public sealed interface Layout {
    /** Row-major in PyTorch's shape. */
    Layout PLAIN = new Plain();

    /** A convolution's {@code [A, B, H, W]} with B innermost in memory: what oneDNN's channels-last kernels read. */
    Layout CHANNELS_LAST = new ChannelsLast();

    /** The columns of a dense layer behind a flattened {@code [C, H, W]} whose memory is {@code H, W, C}. */
    static Layout flattened(Shape image) {
        return new Flattened(image);
    }

    /** The view that the network computes with. @param flat the parameter's part of the flat store */
    Tensor forNetwork(Tensor flat, Shape shape);

    /** The same memory in PyTorch's shape and order, not contiguous unless the layout is plain. */
    Tensor forFile(Tensor flat, Shape shape);

    /** Gradients of several examples, {@code [N, ...]} in the shape that the network computes with, in PyTorch's order. */
    default Tensor examplesForFile(Tensor all, Shape shape) {
        return all;
    }

    /** Row-major. */
    record Plain() implements Layout {
        @Override
        public Tensor forNetwork(Tensor flat, Shape shape) {
            return flat.view(shape.toArray());
        }

        @Override
        public Tensor forFile(Tensor flat, Shape shape) {
            return flat.view(shape.toArray());
        }
    }

    /** The second dimension innermost. */
    record ChannelsLast() implements Layout {
        @Override
        public Tensor forNetwork(Tensor flat, Shape shape) {
            return flat.view(shape.size(0), shape.size(2), shape.size(3), shape.size(1))
                    .permute(0, 3, 1, 2);
        }

        @Override
        public Tensor forFile(Tensor flat, Shape shape) {
            return forNetwork(flat, shape);
        }
    }

    /**
     * Columns in H, W, C order.
     *
     * @param image the shape {@code [C, H, W]} before it was flattened
     */
    record Flattened(Shape image) implements Layout {
        @Override
        public Tensor forNetwork(Tensor flat, Shape shape) {
            return flat.view(shape.toArray());
        }

        /** Shape {@code [out, C, H, W]}: the caller reshapes a contiguous copy. */
        @Override
        public Tensor forFile(Tensor flat, Shape shape) {
            return flat.view(shape.size(0), image.size(1), image.size(2), image.size(0))
                    .permute(0, 3, 1, 2);
        }

        @Override
        public Tensor examplesForFile(Tensor all, Shape shape) {
            long n = all.size(0);
            Shape below = Shape.of(n * shape.size(0), shape.size(1));
            return forFile(all.contiguous().view(-1), below).reshape(n, shape.size(0), shape.size(1));
        }
    }
}
