package dev.jumbo.nn.layers.conv;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Initializer.Fans;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layout;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Convolutions;
import dev.jumbo.tensor.Gradients.Reading;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution of each channel by itself: {@code [C, H, W]} becomes {@code [C * depthMultiplier, H', W']}, the results of
 * one channel side by side. Parameters, as PyTorch's {@code Conv2d} with C groups: {@code weight [C * depthMultiplier, 1,
 * kernel height, kernel width]}, {@code bias [C * depthMultiplier]}. Fans are counted as in Keras.
 *
 * @param depthMultiplier results for each channel, 1 or more
 */
@Kind("depthwise_conv2d")
public record DepthwiseConv2d(
        @Doc("Height and width of the kernel.") Size2d kernelSize,
        @Doc("Results for each channel.") @Default("1") int depthMultiplier,
        @Doc("Applied to the result.") @Default("linear") Activation activation,
        @Doc("Step between windows.") @Default("1") Size2d stride,

        @Doc("Zeros around the input: a number, a pair, same or valid.") @Default("valid")
        Padding padding,

        @Doc("Distance between the values under a kernel.") @Default("1")
        Size2d dilation,

        @Doc("Whether a bias is added.") @Default("true") boolean useBias,

        @Doc("First values of the kernel.") @Default("glorot_uniform")
        Initializer depthwiseInitializer,

        @Doc("First values of the bias.") @Default("zeros") Initializer biasInitializer)
        implements UnaryLayer {
    public DepthwiseConv2d {
        if (depthMultiplier < 1) {
            throw new InputException(
                    "depthwise_conv2d: expected a depth multiplier of 1 or more, received " + depthMultiplier);
        }
        Window.of("depthwise_conv2d", kernelSize, stride, padding, dilation);
    }

    /** The common form: every other component at its default. */
    public static DepthwiseConv2d of(Size2d kernelSize, Activation activation) {
        return new DepthwiseConv2d(
                kernelSize,
                1,
                activation,
                Size2d.ONE,
                Padding.valid(),
                Size2d.ONE,
                true,
                Initializers.glorotUniform(),
                Initializers.zeros());
    }

    private Window window() {
        return Window.of("depthwise_conv2d", kernelSize, stride, padding, dilation);
    }

    private long outputs(Shape input) {
        return input.size(0) * depthMultiplier;
    }

    @Override
    public Shape outputShape(Shape input) {
        Window window = window();
        window.requireRank(input);
        return window.outputShape(input, outputs(input));
    }

    @Override
    public long flops(Shape input) {
        return 2 * outputShape(input).elements() * window().area();
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        return Channels.work("depthwise", input, outputShape(input), flops(input), activation);
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        Window window = window();
        int channels = Math.toIntExact(input.size(0));
        Shape shape = Shape.of(outputs(input), 1, kernelSize.height(), kernelSize.width());
        Fans fans = new Fans(channels * window.area(), depthMultiplier * window.area());
        Parameter weight = into.weight("weight", shape, depthwiseInitializer, fans, Layout.CHANNELS_LAST);
        @Nullable Parameter bias = useBias ? into.bias("bias", Shape.of(outputs(input)), biasInitializer, fans) : null;
        Window.Sides sides = window.sides(input);
        long[] zeros = sides.forOperation();
        Reading reading = Reading.of(window.stride(), zeros, window.dilation(), channels);
        return (x, pass) -> {
            Tensor padded = sides.applyUneven(x, 0);
            Tensor y = Convolutions.conv2d(
                    padded,
                    weight.tensor(),
                    bias == null ? null : bias.tensor(),
                    window.stride(),
                    zeros,
                    window.dilation(),
                    channels);
            return activation.apply_(Channels.perExample(pass, y, padded, weight, bias, reading), pass);
        };
    }
}
