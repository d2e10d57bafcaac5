package dev.jumbo.nn.layers.conv;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Initializer.Fans;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layout;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.PaddedChannels;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.SidedLayer;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Convolutions;
import dev.jumbo.tensor.Gradients.Reading;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One-dimensional convolution: {@code [C, L]} becomes {@code [filters, L']} with {@code L' = (L + 2 padding - dilation
 * (kernel - 1) - 1) / stride + 1}, rounded down. Parameters, as PyTorch's {@code Conv1d}: {@code weight [filters, C /
 * groups, kernel]}, {@code bias [filters]}.
 *
 * <p>With padding {@code same} and a stride of 1 it reads a side input {@code mask}: padding of a batch counts as the zeros that surround a
 * sequence.
 *
 * @param filters output channels, a multiple of {@code groups}
 * @param groups parts into which the channels are divided, each convolved by itself
 */
@Kind("conv1d")
public record Conv1d(
        @Doc("Number of output channels.") int filters,
        @Doc("Length of the kernel.") int kernelSize,
        @Doc("Applied to the result.") @Default("linear") Activation activation,
        @Doc("Step between windows.") @Default("1") int stride,

        @Doc("Zeros around the input: a number, same or valid.") @Default("valid")
        Padding padding,

        @Doc("Distance between the values under a kernel.") @Default("1")
        int dilation,

        @Doc("Groups of channels that are convolved separately.") @Default("1")
        int groups,

        @Doc("Whether a bias is added.") @Default("true") boolean useBias,

        @Doc("First values of the kernel.") @Default("glorot_uniform")
        Initializer kernelInitializer,

        @Doc("First values of the bias.") @Default("zeros") Initializer biasInitializer)
        implements SidedLayer {
    public Conv1d {
        Channels.requireGroups("conv1d", filters, groups);
        Window.of("conv1d", kernelSize, stride, padding, dilation);
    }

    /** The common form: every other component at its default. */
    public static Conv1d of(int filters, int kernelSize, Activation activation) {
        return new Conv1d(
                filters,
                kernelSize,
                activation,
                1,
                Padding.valid(),
                1,
                1,
                true,
                Initializers.glorotUniform(),
                Initializers.zeros());
    }

    private Window window() {
        return Window.of("conv1d", kernelSize, stride, padding, dilation);
    }

    @Override
    public Shape outputShape(Shape input) {
        Shape output = window().outputShape(input, filters);
        Channels.requireDivisible(input, groups);
        return output;
    }

    @Override
    public long flops(Shape input) {
        return 2 * outputShape(input).elements() * (input.size(0) / groups) * kernelSize;
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        return Channels.work("conv2d", input, outputShape(input), flops(input), activation);
    }

    @Override
    public Set<String> sides() {
        return stride == 1 && padding instanceof Padding.Same ? Set.of(Masks.MASK) : Set.of();
    }

    @Override
    public Network build(Specs in, Parameters into) {
        Shape input = in.main().shape();
        boolean masked = PaddedChannels.isPadded(in);
        Window window = window();
        Shape shape = Shape.of(filters, input.size(0) / groups, kernelSize);
        Fans fans = Fans.of(shape);
        Parameter weight = into.weight("weight", shape, kernelInitializer, fans, Layout.PLAIN);
        @Nullable Parameter bias = useBias ? into.bias("bias", Shape.of(filters), biasInitializer, fans) : null;
        Window.Sides sides = window.sides(input);
        long[] strides = window.stride();
        long[] zeros = sides.forOperation();
        long[] dilations = window.dilation();
        Reading reading = Reading.of(strides, zeros, dilations, groups);
        return (xs, pass) -> {
            Tensor x = masked ? xs.main().mul(PaddedChannels.real(xs)) : xs.main();
            Tensor padded = sides.applyUneven(x, 0);
            Tensor y = Convolutions.conv1d(
                    padded, weight.tensor(), bias == null ? null : bias.tensor(), strides, zeros, dilations, groups);
            return Tensors.of(activation.apply_(Channels.perExample(pass, y, padded, weight, bias, reading), pass));
        };
    }
}
