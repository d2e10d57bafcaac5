package dev.jumbo.nn.layers;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import java.util.Set;

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
    public Specs outputs(Specs in) {
        Merge.requireSeveral(in);
        List<Shape> inputs = in.shapes();
        Shape first = inputs.get(0);
        int dim = dim(first);
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
        Spec joined =
                new Spec(first.with(dim, total), in.main().dtype(), in.main().varying());
        for (Spec other : in.all()) {
            if (other.isIds() != in.main().isIds()) {
                throw new ShapeException("", "inputs of one type", in.all());
            }
            joined = other.varies(dim) ? joined.varying(dim) : joined;
        }
        return Specs.of(joined);
    }

    private int dim(Shape first) {
        return axis > 0 ? axis - 1 : first.rank() + axis;
    }

    @Override
    public Set<String> reads(Specs in) {
        return in.names();
    }

    @Override
    public long flops(Specs in) {
        return 0;
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        long values = outputs(in).main().shape().elements();
        return List.of(
                Operation.pass("", "add", values, values, Kept.values(values)).withFlops(0));
    }

    @Override
    public Network build(Specs in, Parameters into) {
        return (xs, pass) -> Tensors.of(Tensor.cat(xs.all(), axis));
    }
}
