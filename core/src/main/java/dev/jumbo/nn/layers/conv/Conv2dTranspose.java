package dev.jumbo.nn.layers.conv;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
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
 * Transposed convolution, which enlarges: {@code [C, H, W]} becomes {@code [filters, H', W']} with {@code H' = (H - 1)
 * stride - 2 padding + dilation (kernel - 1) + outputPadding + 1}, or {@code H stride} with a padding of {@code same}.
 * Parameters, as PyTorch's {@code ConvTranspose2d}: {@code weight [C, filters / groups, kernel height, kernel width]},
 * {@code bias [filters]}.
 */
@Kind("conv2d_transpose")
public record Conv2dTranspose(
        @Doc("Number of output channels.") int filters,
        @Doc("Height and width of the kernel.") Size2d kernelSize,
        @Doc("Applied to the result.") @Default("linear") Activation activation,

        @Doc("Step between windows of the output.") @Default("1")
        Size2d stride,

        @Doc("What is cut off around the output: a number, a pair, same or valid.") @Default("valid")
        Padding padding,

        @Doc("Rows and columns added at the end of the output.") @Default("0")
        Size2d outputPadding,

        @Doc("Distance between the values under a kernel.") @Default("1")
        Size2d dilation,

        @Doc("Groups of channels that are convolved separately.") @Default("1")
        int groups,

        @Doc("Whether a bias is added.") @Default("true") boolean useBias,

        @Doc("First values of the kernel.") @Default("glorot_uniform")
        Initializer kernelInitializer,

        @Doc("First values of the bias.") @Default("zeros") Initializer biasInitializer)
        implements UnaryLayer {
    private static final String KIND = "conv2d_transpose";

    public Conv2dTranspose {
        Channels.requireGroups(KIND, filters, groups);
        window(kernelSize, stride, padding, dilation, outputPadding);
    }

    /** The common form: every other component at its default. */
    public static Conv2dTranspose of(int filters, Size2d kernelSize, Size2d stride, Activation activation) {
        return new Conv2dTranspose(
                filters,
                kernelSize,
                activation,
                stride,
                Padding.valid(),
                Size2d.of(0),
                Size2d.ONE,
                1,
                true,
                Initializers.glorotUniform(),
                Initializers.zeros());
    }

    private static TransposedWindow window(
            Size2d kernel, Size2d stride, Padding padding, Size2d dilation, Size2d outputPadding) {
        return new TransposedWindow(KIND, Window.of(KIND, kernel, stride, padding, dilation), outputPadding.toArray());
    }

    private TransposedWindow window() {
        return window(kernelSize, stride, padding, dilation, outputPadding);
    }

    @Override
    public Shape outputShape(Shape input) {
        Shape output = window().outputShape(input, filters);
        Channels.requireDivisible(input, groups);
        return output;
    }

    @Override
    public long flops(Shape input) {
        return 2 * input.elements() * (filters / groups) * kernelSize.height() * kernelSize.width();
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        return Channels.work("conv2d", input, outputShape(input), flops(input), activation);
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        TransposedWindow window = window();
        Shape shape = Shape.of(input.size(0), filters / groups, kernelSize.height(), kernelSize.width());
        Fans fans = Fans.of(shape);
        Parameter weight = into.weight("weight", shape, kernelInitializer, fans, Layout.CHANNELS_LAST);
        @Nullable Parameter bias = useBias ? into.bias("bias", Shape.of(filters), biasInitializer, fans) : null;
        Reading reading = new Reading(
                window.window().stride(), window.cut(), window.window().dilation(), true, window.added(), groups);
        return (x, pass) -> {
            Tensor y = Convolutions.convTranspose2d(
                    x,
                    weight.tensor(),
                    bias == null ? null : bias.tensor(),
                    window.window().stride(),
                    window.cut(),
                    window.added(),
                    groups,
                    window.window().dilation());
            Tensor followed = Channels.perExample(pass, y, x, weight, bias, reading);
            return activation.apply_(window.trim(followed, x), pass);
        };
    }
}
