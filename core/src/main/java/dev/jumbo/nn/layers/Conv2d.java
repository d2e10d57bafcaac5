package dev.jumbo.nn.layers;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializer.Fans;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Layout;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import org.jspecify.annotations.Nullable;

/**
 * Two-dimensional convolution: {@code [C, H, W]} becomes {@code [filters, H', W']} with {@code H' = (H + 2 padding -
 * kernel) / stride + 1}, rounded down. Parameters: {@code weight [filters, C, kernel, kernel]}, {@code bias [filters]}.
 */
@Kind("conv2d")
public record Conv2d(
        @Doc("Number of output channels.") int filters,
        @Doc("Height and width of the kernel.") int kernelSize,
        @Doc("Applied to the result.") @Default("linear") Activation activation,
        @Doc("Step between windows.") @Default("1") int stride,
        @Doc("Zeros added on each side.") @Default("0") int padding,
        @Doc("Whether a bias is added.") @Default("true") boolean useBias)
        implements Layer {

    Conv2d withActivation(Activation other) {
        return new Conv2d(filters, kernelSize, other, stride, padding, useBias);
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 3 || size(input.size(1)) < 1 || size(input.size(2)) < 1) {
            throw new ShapeException("", "an image [C, H, W] of at least the kernel's size " + kernelSize, input);
        }
        return Shape.of(filters, size(input.size(1)), size(input.size(2)));
    }

    private long size(long in) {
        return in + 2L * padding < kernelSize ? 0 : (in + 2L * padding - kernelSize) / stride + 1;
    }

    @Override
    public long flops(Shape input) {
        return 2 * outputShape(input).elements() * input.size(0) * kernelSize * kernelSize;
    }

    @Override
    public Network build(Shape input, Parameters into) {
        Shape shape = Shape.of(filters, input.size(0), kernelSize, kernelSize);
        Fans fans = Fans.of(shape);
        Parameter weight = into.weight("weight", shape, Initializers.glorotUniform(), fans, Layout.CHANNELS_LAST);
        @Nullable Parameter bias = useBias ? into.bias("bias", Shape.of(filters), Initializers.zeros(), fans) : null;
        long[] strides = {stride, stride};
        long[] paddings = {padding, padding};
        long[] dilations = {1, 1};
        return (x, pass) -> activation.apply_(Functional.conv2d(
                x, weight.tensor(), bias == null ? null : bias.tensor(), strides, paddings, dilations, 1));
    }
}
