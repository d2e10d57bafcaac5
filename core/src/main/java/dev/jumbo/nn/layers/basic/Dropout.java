package dev.jumbo.nn.layers.basic;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import java.util.List;

/**
 * In training sets each value to 0 with probability {@code rate} and scales the others by {@code 1 / (1 - rate)}
 * (Srivastava et al., 2014); otherwise does nothing.
 *
 * @param rate 0 (inclusive) to 1 (exclusive)
 */
@Kind("dropout")
public record Dropout(@Doc("Probability of a zero.") double rate) implements UnaryLayer {
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
    public long flops(Shape input) {
        return input.elements();
    }

    /** Adds what dropout of some values inside a layer runs and keeps, where there is any. */
    public static void work(double rate, long values, List<Operation> into) {
        if (rate > 0) {
            into.addAll(new Dropout(rate).work(Shape.of(values), Compute.CPU));
        }
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        long values = input.elements();
        // The mask is multiplied in, so it has the values' type.
        return List.of(Operation.pass(
                "", "dropout", values, values, Kept.values(values).andSaved(values, 0)));
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return true;
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        return (x, pass) -> Functional.dropout(x, rate, pass.training());
    }
}
