package dev.jumbo.nn.layers.conv;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Specs;
import java.util.List;

/**
 * A depthwise convolution and then a 1x1 convolution over its channels (Chollet, 2017): {@code [C, H, W]} becomes {@code
 * [filters, H', W']} with a fraction of a full convolution's work. Parameters {@code depthwise.weight}, {@code
 * pointwise.weight} and {@code pointwise.bias}, shaped as in {@link DepthwiseConv2d} and {@link Conv2d}.
 */
@Kind("separable_conv2d")
public record SeparableConv2d(
        @Doc("Number of output channels.") int filters,
        @Doc("Height and width of the kernel.") Size2d kernelSize,
        @Doc("Applied to the result.") @Default("linear") Activation activation,
        @Doc("Step between windows.") @Default("1") Size2d stride,

        @Doc("Zeros around the input: a number, a pair, same or valid.") @Default("valid")
        Padding padding,

        @Doc("Distance between the values under a kernel.") @Default("1")
        Size2d dilation,

        @Doc("Depthwise results for each channel.") @Default("1")
        int depthMultiplier,

        @Doc("Whether a bias is added.") @Default("true") boolean useBias,

        @Doc("First values of the depthwise kernel.") @Default("glorot_uniform")
        Initializer depthwiseInitializer,

        @Doc("First values of the pointwise kernel.") @Default("glorot_uniform")
        Initializer pointwiseInitializer,

        @Doc("First values of the bias.") @Default("zeros") Initializer biasInitializer)
        implements Layer {
    public SeparableConv2d {
        Channels.requireFilters("separable_conv2d", filters);
        Window.of("separable_conv2d", kernelSize, stride, padding, dilation);
    }

    /** The common form: every other component at its default. */
    public static SeparableConv2d of(int filters, Size2d kernelSize, Activation activation) {
        return new SeparableConv2d(
                filters,
                kernelSize,
                activation,
                Size2d.ONE,
                Padding.valid(),
                Size2d.ONE,
                1,
                true,
                Initializers.glorotUniform(),
                Initializers.glorotUniform(),
                Initializers.zeros());
    }

    private DepthwiseConv2d depthwise() {
        return new DepthwiseConv2d(
                kernelSize,
                depthMultiplier,
                Activation.LINEAR,
                stride,
                padding,
                dilation,
                false,
                depthwiseInitializer,
                biasInitializer);
    }

    private Conv2d pointwise() {
        return new Conv2d(
                filters,
                Size2d.ONE,
                activation,
                Size2d.ONE,
                Padding.valid(),
                Size2d.ONE,
                1,
                useBias,
                pointwiseInitializer,
                biasInitializer);
    }

    @Override
    public Specs outputs(Specs in) {
        return pointwise().outputs(depthwise().outputs(in));
    }

    @Override
    public long flops(Specs in) {
        return Part.flops(parts(in));
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        return Cost.of(parts(in), how);
    }

    @Override
    public List<Part> parts(Specs in) {
        return List.of(
                new Part("depthwise", depthwise(), in.mainAlone()),
                new Part("pointwise", pointwise(), depthwise().outputs(in)));
    }

    @Override
    public Network build(Specs in, Parameters into) {
        List<Part> parts = parts(in);
        Network depthwise =
                into.build("depthwise", parts.get(0).layer(), parts.get(0).inputs());
        Network pointwise =
                into.build("pointwise", parts.get(1).layer(), parts.get(1).inputs());
        return (xs, pass) -> pointwise.forward(depthwise.forward(xs, pass), pass);
    }
}
