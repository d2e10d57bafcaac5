package dev.jumbo.nn.layers.conv;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Differentiable;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Convolutions;
import dev.jumbo.tensor.Derivatives;
import dev.jumbo.tensor.Derivatives.Pooled;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The largest value of each window: {@code [C, H, W]} becomes {@code [C, H', W']} with {@code H' = (H + 2 padding -
 * pool) / stride + 1}, rounded down. Padding never wins: it counts as minus infinity.
 *
 * @param stride null for the pool's size, so that windows do not overlap
 */
@Kind("max_pool2d")
public record MaxPool2d(
        @Doc("Height and width of the window.") Size2d poolSize,

        @Doc("Step between windows; the window's size if left out.") @Default("null") @Nullable
        Size2d stride,

        @Doc("Border around the input: a number, a pair, same or valid.") @Default("valid")
        Padding padding)
        implements UnaryLayer {
    public MaxPool2d {
        Window.of("max_pool2d", poolSize, stride == null ? poolSize : stride, padding, Size2d.ONE)
                .requireHalfPadding("max_pool2d");
    }

    public static MaxPool2d of(int poolSize) {
        return new MaxPool2d(Size2d.of(poolSize), null, Padding.valid());
    }

    private Window window() {
        return Window.of("max_pool2d", poolSize, stride == null ? poolSize : stride, padding, Size2d.ONE);
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
        // Indices of the largest values.
        Kept kept = Kept.values(out).andSaved(0, Long.BYTES * out);
        return List.of(Operation.pass("", "max_pool2d", input.elements(), out, kept));
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        return build(input, Activation.LINEAR);
    }

    /** With a function of the largest values. */
    public UnaryNetwork build(Shape input, Activation then) {
        Window window = window();
        Window.Sides sides = window.sides(input);
        long[] border = sides.forOperation();
        UnaryNetwork recorded = (x, pass) -> then.apply_(Convolutions.maxPool2d(
                sides.applyUneven(x, Double.NEGATIVE_INFINITY), window.kernel(), window.stride(), border));
        if (!sides.areEven() || !then.isDifferentiable()) {
            return recorded;
        }
        long[] kernel = window.kernel();
        long[] strides = window.stride();
        return Differentiable.of(recorded, (x, tape) -> {
            boolean overwrite = !tape.isOutputKept();
            Pooled pooled = Derivatives.pooled(x, kernel, strides, border);
            Tensor y = then.apply_(pooled.values());
            tape.add(
                    false,
                    then != Activation.LINEAR,
                    (gradient, inputToo) -> Derivatives.maxPool2d(
                            then.derivative_(gradient, y), x, pooled.places(), kernel, strides, border, overwrite));
            return y;
        });
    }
}
