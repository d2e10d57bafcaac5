package dev.jumbo.nn.layers;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.List;

/**
 * Two or more inputs side by side along one dimension; all other sizes are equal.
 *
 * @param axis counts from the batch, which is 0: 1 joins features or channels, -1 the last dimension
 */
@Kind("concatenate")
public record Concatenate(
        @Doc("Dimension to join; the batch is 0, channels are 1.") @Default("1")
        int axis) implements Layer {
    public Concatenate {
        if (axis == 0) {
            throw new InputException("concatenate: expected an axis other than 0, which is the batch");
        }
    }

    @Override
    public Shape outputShape(Shape input) {
        throw Merge.needsSeveral(input);
    }

    @Override
    public Network build(Shape input, Parameters into) {
        throw Merge.needsSeveral(input);
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        Merge.requireSeveral(inputs);
        Shape first = inputs.get(0);
        int dim = axis > 0 ? axis - 1 : first.rank() + axis;
        if (dim < 0 || dim >= first.rank()) {
            throw new ShapeException("", "inputs with the dimension " + axis, inputs);
        }
        long total = 0;
        for (Shape input : inputs) {
            if (input.rank() != first.rank() || !input.with(dim, 1).equals(first.with(dim, 1))) {
                throw new ShapeException("", "inputs that differ in the dimension " + axis + " alone", inputs);
            }
            total += input.size(dim);
        }
        return List.of(first.with(dim, total));
    }

    @Override
    public long flops(List<Shape> inputs) {
        return 0;
    }

    @Override
    public Network build(List<Shape> inputs, Parameters into) {
        return new Merge(xs -> Tensor.cat(xs, axis));
    }
}
