package dev.jumbo.onnx.layers;

import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.nn.layers.conv.Size2d;
import dev.jumbo.tensor.Shape;
import java.util.stream.LongStream;

/**
 * What is added around an input before a window slides over it, as ONNX writes it: by dimension in front, then behind. With {@code
 * same} the output is {@code ceil(input / stride)} long, the one more of an uneven total behind, as the layers have it.
 */
final class Sides {
    private Sides() {}

    /** @param kernel @param stride @param dilation a number for each dimension, or one of a sequence */
    static long[] of(Padding padding, Shape input, long[] kernel, long[] stride, long[] dilation) {
        long[] pads = new long[2 * kernel.length];
        for (int d = 0; d < kernel.length; d++) {
            if (padding instanceof Padding.Fixed fixed) {
                long size = d == kernel.length - 1
                        ? fixed.size().width()
                        : fixed.size().height();
                pads[d] = size;
                pads[kernel.length + d] = size;
            } else {
                long in = input.size(d + 1);
                long outputs = (in + stride[d] - 1) / stride[d];
                long total = Math.max(0, (outputs - 1) * stride[d] + dilation[d] * (kernel[d] - 1) + 1 - in);
                pads[d] = total / 2;
                pads[kernel.length + d] = total - total / 2;
            }
        }
        return pads;
    }

    static boolean areEven(long[] pads) {
        int half = pads.length / 2;
        return LongStream.range(0, half).allMatch(d -> pads[(int) d] == pads[half + (int) d]);
    }

    static long[] array(Size2d size) {
        return new long[] {size.height(), size.width()};
    }
}
