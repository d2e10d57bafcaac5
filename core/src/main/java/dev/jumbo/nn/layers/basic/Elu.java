package dev.jumbo.nn.layers.basic;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;

/** x where it is positive, {@code alpha * (exp(x) - 1)} elsewhere (Clevert et al., 2016). */
@Kind("elu")
public record Elu(
        @Doc("Minus the limit of very negative values.") @Default("1.0")
        double alpha) implements UnaryLayer {
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
        return (x, pass) -> Functional.elu(x, alpha);
    }
}
