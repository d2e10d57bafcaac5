package dev.jumbo.nn.layers.conv;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Convolutions;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mean of each window: {@code [C, H, W]} becomes {@code [C, H', W']} with {@code H' = (H + 2 padding - pool) / stride
 * + 1}, rounded down. Zeros of a padding given as a number count, as in PyTorch; those of {@code same} do not, as in
 * Keras.
 *
 * @param stride null for the pool's size, so that windows do not overlap
 */
@Kind("avg_pool2d")
public record AvgPool2d(
        @Doc("Height and width of the window.") Size2d poolSize,

        @Doc("Step between windows; the window's size if left out.") @Default("null") @Nullable
        Size2d stride,

        @Doc("Border around the input: a number, a pair, same or valid.") @Default("valid")
        Padding padding)
        implements UnaryLayer {
    public AvgPool2d {
        Window.of("avg_pool2d", poolSize, stride == null ? poolSize : stride, padding, Size2d.ONE)
                .requireHalfPadding("avg_pool2d");
    }

    public static AvgPool2d of(int poolSize) {
        return new AvgPool2d(Size2d.of(poolSize), null, Padding.valid());
    }

    private Window window() {
        return Window.of("avg_pool2d", poolSize, stride == null ? poolSize : stride, padding, Size2d.ONE);
    }

    @Override
    public Shape outputShape(Shape input) {
        return window().outputShape(input, input.rank() == 0 ? 0 : input.size(0));
    }

    @Override
    public long flops(Shape input) {
        return outputShape(input).elements() * window().area();
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        long out = outputShape(input).elements();
        return List.of(Operation.pass("", "avg_pool2d", input.elements(), out, Kept.values(out)));
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        return network(window(), input);
    }

    static UnaryNetwork network(Window window, Shape input) {
        Window.Sides sides = window.sides(input);
        if (sides.areEven()) {
            boolean countPadding = window.padding() instanceof Padding.Fixed;
            long[] border = sides.forOperation();
            return (x, pass) -> Convolutions.avgPool2d(x, window.kernel(), window.stride(), border, countPadding);
        }
        return (x, pass) -> {
            Tensor sums = Convolutions.sumPool2d(sides.applyUneven(x, 0), window.kernel(), window.stride());
            return sums.div(counts(x, sides, window));
        };
    }

    /** How many values of the input, not of its border, each window holds: {@code [1, 1, H', W']}. */
    private static Tensor counts(Tensor x, Window.Sides sides, Window window) {
        try (Autograd off = Autograd.noGrad()) {
            Tensor ones = Tensor.full(Shape.of(1, 1, x.size(2), x.size(3)), 1, x.dtype())
                    .to(x.device());
            return Convolutions.sumPool2d(sides.applyUneven(ones, 0), window.kernel(), window.stride());
        }
    }
}
