package dev.jumbo.nn.layers;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;

/**
 * In training sets each value to 0 with probability {@code rate} and scales the others by {@code 1 / (1 - rate)}
 * (Srivastava et al., 2014); otherwise does nothing.
 *
 * @param rate 0 (inclusive) to 1 (exclusive)
 */
@Kind("dropout")
public record Dropout(@Doc("Probability of a zero.") double rate) implements Layer {
    public Dropout {
        if (!(rate >= 0 && rate < 1)) {
            throw new InputException("dropout: expected a rate from 0 to below 1, received " + rate);
        }
    }

    @Override
    public Shape outputShape(Shape input) {
        return input;
    }

    @Override
    public Network build(Shape input, Parameters into) {
        return (x, pass) -> Functional.dropout(x, rate, pass.training());
    }
}
