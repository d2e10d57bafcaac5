package dev.jumbo.nn.layers.basic;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Initializer.Fans;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.each.Products;
import dev.jumbo.nn.each.Rows;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Size;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code x W^T} with the weight of an earlier layer (Press, Wolf, 2017), usually the embedding of the same vocabulary: {@code [...,
 * in]} becomes {@code [..., units]}. Its own name for that weight is {@code weight}; it is saved once, and its gradient is the sum of
 * both uses. With a bias, {@code scale x W^T + b}; parameter {@code bias [units]}.
 *
 * @param units outputs: the size of the vocabulary
 * @param of the weight's path, as seen from a container that both layers are in: {@code layers.0.weight}
 * @param useBias whether b is added, as BERT's masked language model does
 * @param scale what x is multiplied with first: {@code 1 / sqrt(in)} in T5 (Raffel et al., 2020)
 */
@Kind("tied_dense")
public record TiedDense(
        @Doc("Number of outputs: the size of the vocabulary.")
        int units,

        @Doc("Path of the weight that is shared.") @Default("layers.0.weight")
        String of,

        @Doc("Whether a bias is added.") @Default("false") boolean useBias,

        @Doc("What the input is multiplied with first.") @Default("1.0")
        double scale)
        implements UnaryLayer {
    public TiedDense {
        if (units < 1 || of.isBlank()) {
            throw new InputException("tied_dense: expected 1 or more units and the path of a weight, received " + units
                    + " and \"" + of + "\"");
        }
        if (!(scale > 0) || Double.isInfinite(scale)) {
            throw new InputException("tied_dense.scale: expected a number above 0, received " + scale);
        }
    }

    /** Without a bias, of the input as it is. */
    public TiedDense(int units, String of) {
        this(units, of, false, 1);
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
    public boolean eachStepAlone() {
        return true;
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return input.rank() > 1;
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        Shape shape = Shape.of(units, input.size(-1));
        Parameter weight = into.tied("weight", of, shape);
        @Nullable
        Parameter bias = useBias ? into.bias("bias", Shape.of(units), Initializers.zeros(), Fans.of(shape)) : null;
        return (given, pass) -> {
            Tensor x = scale == 1 ? given : given.mul(scale);
            return pass.perExample(
                    Functional.linear(x, weight.tensor(), bias == null ? null : bias.tensor()), (gradient, each) -> {
                        each.add(weight, Products.of(gradient, x));
                        if (bias != null) {
                            each.add(bias, Rows.lastDimension(gradient));
                        }
                    });
        };
    }
}
