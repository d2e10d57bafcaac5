package dev.jumbo.nn.layers;

import dev.jumbo.config.Kind;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.tensor.Shape;
import java.util.List;

/** All dimensions but the batch in one, in row-major order: {@code [C, H, W]} becomes {@code [C * H * W]}. */
@Kind("flatten")
public record Flatten() implements Layer {
    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(input.elements());
    }

    @Override
    public Network build(Shape input, Parameters into) {
        // Not -1: of a batch of 0 examples that is not defined.
        return (x, pass) -> x.reshape(x.size(0), x.shape().slice(1, x.rank()).elements());
    }

    @Override
    public List<Boolean> ids(List<Boolean> inputs) {
        return inputs;
    }
}
