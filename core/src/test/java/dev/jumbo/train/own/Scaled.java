package dev.jumbo.train.own;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.tensor.Shape;

/** A layer of a user's own: {@code y = factor * x}. */
@Kind("own_scaled")
public record Scaled(
        @Doc("Factor of every value.") @Default("2.0") double factor) implements UnaryLayer {
    @Override
    public Shape outputShape(Shape input) {
        return input;
    }

    @Override
    public long flops(Shape input) {
        return input.elements();
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return true;
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        return (x, pass) -> x.mul(factor);
    }
}
