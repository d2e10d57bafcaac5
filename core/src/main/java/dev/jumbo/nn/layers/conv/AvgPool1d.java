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
import dev.jumbo.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mean of each window: {@code [C, L]} becomes {@code [C, L']} with {@code L' = (L + 2 padding - pool) / stride + 1},
 * rounded down. Zeros of a padding given as a number count, as in PyTorch; those of {@code same} do not, as in Keras.
 *
 * @param stride null for the pool's size, so that windows do not overlap
 */
@Kind("avg_pool1d")
public record AvgPool1d(
        @Doc("Length of the window.") int poolSize,

        @Doc("Step between windows; the window's size if left out.") @Default("null") @Nullable
        Integer stride,

        @Doc("Border around the input: a number, same or valid.") @Default("valid")
        Padding padding)
        implements UnaryLayer {
    public AvgPool1d {
        Window.of("avg_pool1d", poolSize, stride == null ? poolSize : stride, padding, 1)
                .requireHalfPadding("avg_pool1d");
    }

    public static AvgPool1d of(int poolSize) {
        return new AvgPool1d(poolSize, null, Padding.valid());
    }

    private Window window() {
        return Window.of("avg_pool1d", poolSize, stride == null ? poolSize : stride, padding, 1);
    }

    @Override
    public Shape outputShape(Shape input) {
        return window().outputShape(input, input.rank() == 0 ? 0 : input.size(0));
    }

    @Override
    public long flops(Shape input) {
        return outputShape(input).elements() * poolSize;
    }

    /** A sequence is an image of one row; the row gets no border. */
    @Override
    public List<Operation> work(Shape input, Compute how) {
        long out = outputShape(input).elements();
        return List.of(Operation.pass("", "avg_pool2d", input.elements(), out, Kept.values(out)));
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        Shape row = Shape.of(input.size(0), 1, input.size(1));
        Padding border = padding instanceof Padding.Fixed fixed
                ? Padding.of(0, fixed.size().width())
                : padding;
        Window window = Window.of(
                "avg_pool1d",
                Size2d.of(1, poolSize),
                Size2d.of(1, stride == null ? poolSize : stride),
                border,
                Size2d.ONE);
        UnaryNetwork pool = AvgPool2d.network(window, row);
        return (x, pass) -> pool.forward(x.unsqueeze(2), pass).squeeze(2);
    }
}
