package dev.jumbo.nn.layers.basic;

import dev.jumbo.config.Kind;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import java.util.List;

/** All dimensions but the batch in one, in row-major order: {@code [C, H, W]} becomes {@code [C * H * W]}. */
@Kind("flatten")
public record Flatten() implements UnaryLayer {
    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(input.elements());
    }

    @Override
    public long flops(Shape input) {
        return 0;
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        return List.of(Operation.pass("", "view", 0, 0, Kept.NOTHING));
    }

    @Override
    public DType outputType(DType input) {
        return input;
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        // Not -1: of a batch of 0 examples that is not defined.
        return (x, pass) -> x.reshape(x.size(0), x.shape().slice(1, x.rank()).elements());
    }
}
