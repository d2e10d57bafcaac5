package dev.jumbo.nn.layers.basic;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;

/**
 * {@code exp(x) / sum exp(x)} along one dimension: positive values that add up to 1.
 *
 * @param axis counts from the batch, which is 0; -1 is the last
 */
@Kind("softmax")
public record Softmax(
        @Doc("Dimension that adds up to 1; the batch is 0, -1 the last.") @Default("-1")
        int axis) implements UnaryLayer {
    public Softmax {
        if (axis == 0) {
            throw new InputException("softmax: expected an axis other than 0, which is the batch");
        }
    }

    @Override
    public Shape outputShape(Shape input) {
        if (axis > input.rank() || axis < -input.rank()) {
            throw new ShapeException("", "an input with the dimension " + axis, input);
        }
        return input;
    }

    @Override
    public long flops(Shape input) {
        return 3 * input.elements();
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        return (x, pass) -> Functional.softmax(x, axis);
    }
}
