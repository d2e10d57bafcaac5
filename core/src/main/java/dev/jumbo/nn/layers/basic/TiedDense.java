package dev.jumbo.nn.layers.basic;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.each.Products;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Size;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import java.util.List;

/**
 * {@code x W^T} with the weight of an earlier layer (Press, Wolf, 2017), usually the embedding of the same vocabulary: {@code [...,
 * in]} becomes {@code [..., units]}. Its own name for that weight is {@code weight}; it is saved once, and its gradient is the sum of
 * both uses.
 *
 * @param units outputs: the size of the vocabulary
 * @param of the weight's path, as seen from a container that both layers are in: {@code layers.0.weight}
 */
@Kind("tied_dense")
public record TiedDense(
        @Doc("Number of outputs: the size of the vocabulary.")
        int units,

        @Doc("Path of the weight that is shared.") @Default("layers.0.weight")
        String of)
        implements UnaryLayer {
    public TiedDense {
        if (units < 1 || of.isBlank()) {
            throw new InputException("tied_dense: expected 1 or more units and the path of a weight, received " + units
                    + " and \"" + of + "\"");
        }
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() < 1) {
            throw new ShapeException("", "[..., in]", input);
        }
        return input.with(-1, units);
    }

    @Override
    public long flops(Shape input) {
        return 2 * input.elements() * units;
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        long inner = input.size(-1);
        Size size = new Size(input.elements() / inner, inner, units);
        return List.of(Operation.product("", "dense", input.elements(), size));
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return input.rank() > 1;
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        Parameter weight = into.tied("weight", of, Shape.of(units, input.size(-1)));
        return (x, pass) -> pass.perExample(
                Functional.linear(x, weight.tensor(), null),
                (gradient, each) -> each.add(weight, Products.of(gradient, x)));
    }
}
