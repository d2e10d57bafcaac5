package dev.jumbo.nn.layers.conv;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Differentiable;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Initializer.Fans;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layout;
import dev.jumbo.nn.Packing;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Convolutions;
import dev.jumbo.tensor.Derivatives;
import dev.jumbo.tensor.Gradients.Reading;
import dev.jumbo.tensor.PackedProduct;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two-dimensional convolution: {@code [C, H, W]} becomes {@code [filters, H', W']} with {@code H' = (H + 2 padding -
 * dilation (kernel - 1) - 1) / stride + 1}, rounded down. Parameters, as PyTorch's {@code Conv2d}: {@code weight
 * [filters, C / groups, kernel height, kernel width]}, {@code bias [filters]}.
 *
 * @param filters output channels, a multiple of {@code groups}
 * @param groups parts into which the channels are divided, each convolved by itself
 */
@Kind("conv2d")
public record Conv2d(
        @Doc("Number of output channels.") int filters,
        @Doc("Height and width of the kernel.") Size2d kernelSize,
        @Doc("Applied to the result.") @Default("linear") Activation activation,
        @Doc("Step between windows.") @Default("1") Size2d stride,

        @Doc("Zeros around the input: a number, a pair, same or valid.") @Default("valid")
        Padding padding,

        @Doc("Distance between the values under a kernel.") @Default("1")
        Size2d dilation,

        @Doc("Groups of channels that are convolved separately.") @Default("1")
        int groups,

        @Doc("Whether a bias is added.") @Default("true") boolean useBias,

        @Doc("First values of the kernel.") @Default("glorot_uniform")
        Initializer kernelInitializer,

        @Doc("First values of the bias.") @Default("zeros") Initializer biasInitializer)
        implements UnaryLayer {
    public Conv2d {
        Channels.requireGroups("conv2d", filters, groups);
        Window.of("conv2d", kernelSize, stride, padding, dilation);
    }

    /** The common form: every other component at its default. */
    public static Conv2d of(int filters, Size2d kernelSize, Activation activation) {
        return new Conv2d(
                filters,
                kernelSize,
                activation,
                Size2d.ONE,
                Padding.valid(),
                Size2d.ONE,
                1,
                true,
                Initializers.glorotUniform(),
                Initializers.zeros());
    }

    public Conv2d withActivation(Activation other) {
        return new Conv2d(
                filters,
                kernelSize,
                other,
                stride,
                padding,
                dilation,
                groups,
                useBias,
                kernelInitializer,
                biasInitializer);
    }

    public Conv2d withStride(int other) {
        return new Conv2d(
                filters,
                kernelSize,
                activation,
                Size2d.of(other),
                padding,
                dilation,
                groups,
                useBias,
                kernelInitializer,
                biasInitializer);
    }

    public Conv2d withPadding(Padding other) {
        return new Conv2d(
                filters,
                kernelSize,
                activation,
                stride,
                other,
                dilation,
                groups,
                useBias,
                kernelInitializer,
                biasInitializer);
    }

    /** For a convolution before a normalisation, whose shift makes a bias useless. */
    public Conv2d withoutBias() {
        return new Conv2d(
                filters,
                kernelSize,
                activation,
                stride,
                padding,
                dilation,
                groups,
                false,
                kernelInitializer,
                biasInitializer);
    }

    private Window window() {
        return Window.of("conv2d", kernelSize, stride, padding, dilation);
    }

    @Override
    public Shape outputShape(Shape input) {
        Shape output = window().outputShape(input, filters);
        Channels.requireDivisible(input, groups);
        return output;
    }

    @Override
    public long flops(Shape input) {
        return 2 * outputShape(input).elements() * (input.size(0) / groups) * window().area();
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        return Channels.work(
                groups > 1 && groups == input.size(0) ? "depthwise" : "conv2d",
                input,
                outputShape(input),
                flops(input),
                activation);
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        Window window = window();
        Shape shape = Shape.of(filters, input.size(0) / groups, kernelSize.height(), kernelSize.width());
        Fans fans = Fans.of(shape);
        Parameter weight = into.weight("weight", shape, kernelInitializer, fans, Layout.CHANNELS_LAST);
        @Nullable Parameter bias = useBias ? into.bias("bias", Shape.of(filters), biasInitializer, fans) : null;
        Window.Sides sides = window.sides(input);
        long[] strides = window.stride();
        long[] zeros = sides.forOperation();
        long[] dilations = window.dilation();
        Reading reading = Reading.of(strides, zeros, dilations, groups);
        UnaryNetwork recorded = (x, pass) -> {
            Tensor padded = sides.applyUneven(x, 0);
            Tensor y = Convolutions.conv2d(
                    padded, weight.tensor(), bias == null ? null : bias.tensor(), strides, zeros, dilations, groups);
            return activation.apply_(Channels.perExample(pass, y, padded, weight, bias, reading), pass);
        };
        @Nullable Packing packing = into.packing();
        if (packing != null && sides.areEven()) {
            return packing.conv2d(
                    into.path(),
                    weight,
                    bias,
                    activation,
                    new PackedProduct.Convolution(strides, zeros, dilations, groups),
                    recorded);
        }
        if (!sides.areEven() || !activation.isDifferentiable()) {
            return recorded;
        }
        return Differentiable.of(recorded, (x, tape) -> {
            Tensor kernel = weight.tensor();
            @Nullable Tensor shift = bias == null ? null : bias.tensor();
            Tensor y = activation.apply_(Convolutions.conv2d(x, kernel, shift, strides, zeros, dilations, groups));
            tape.addProduct(
                    kernel,
                    shift,
                    activation,
                    y,
                    (wanted, gradient) ->
                            Derivatives.conv2d(wanted, gradient, x, kernel, strides, zeros, dilations, groups));
            return y;
        });
    }
}
