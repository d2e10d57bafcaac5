package dev.jumbo.nn.layers;

import dev.jumbo.config.Kind;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.tensor.Shape;

/** All dimensions but the batch in one, in row-major order: {@code [C, H, W]} becomes {@code [C * H * W]}. */
@Kind("flatten")
public record Flatten() implements Layer {
    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(input.elements());
    }

    @Override
    public Network build(Shape input, Parameters into) {
        return (x, pass) -> x.reshape(x.size(0), -1);
    }
}
