package dev.jumbo.nn.layers.conv;

import dev.jumbo.config.Kind;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import java.util.List;

/**
 * The largest value of each channel: {@code [C, L]} or {@code [C, H, W]} becomes {@code [C]}. Where several are equally large, they share the gradient.
 */
@Kind("global_max_pool")
public record GlobalMaxPool() implements UnaryLayer {
    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() < 2 || input.rank() > 3) {
            throw new ShapeException("", "[C, L] or [C, H, W]", input);
        }
        return input.slice(0, 1);
    }

    @Override
    public long flops(Shape input) {
        return input.elements();
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        long out = outputShape(input).elements();
        return List.of(Operation.pass("", "avg_pool2d", input.elements(), out, Kept.values(out)));
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        long[] spatial = input.rank() == 2 ? new long[] {2} : new long[] {2, 3};
        return (x, pass) -> x.amax(false, spatial);
    }
}
