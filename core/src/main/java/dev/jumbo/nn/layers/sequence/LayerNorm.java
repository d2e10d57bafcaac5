package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.each.Rows;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Normalizations;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.List;

/**
 * Layer normalisation (Ba et al., 2016): {@code weight (x - mean) / sqrt(variance + epsilon) + bias} over the last dimension
 * of {@code [..., D]}. Parameters {@code weight [D]}, {@code bias [D]}, in fp32 also where the input is bf16. Over a whole
 * image, use {@code group_norm: 1}.
 *
 * @param epsilon keeps the divisor above 0
 */
@Kind("layer_norm")
public record LayerNorm(
        @Doc("Added to the variance.") @Default("1.0e-5") double epsilon) implements UnaryLayer {
    public LayerNorm {
        if (!(epsilon > 0)) {
            throw new InputException("layer_norm: expected an epsilon above 0, received " + epsilon);
        }
    }

    @Override
    public Shape outputShape(Shape input) {
        return requireFeatures(input);
    }

    static Shape requireFeatures(Shape input) {
        if (input.rank() < 1 || input.size(-1) == 0) {
            throw new ShapeException("", "[..., D] with D of 1 or more", input);
        }
        return input;
    }

    @Override
    public long flops(Shape input) {
        return 8 * input.elements();
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        long values = input.elements();
        long rows = values / input.size(-1);
        // A mean and a deviation for each row.
        Kept kept = Kept.values(values).andSaved(0, 2 * rows * Float.BYTES);
        return List.of(Operation.pass("", "layer_norm", values, values, kept).withFlops(flops(input)));
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return input.rank() > 1;
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        Shape features = Shape.of(input.size(-1));
        Parameter weight = into.norm("weight", features, Initializers.ones());
        Parameter bias = into.norm("bias", features, Initializers.zeros());
        return (x, pass) -> {
            Tensor y = Normalizations.layerNorm(x, weight.tensor(), bias.tensor(), epsilon);
            return pass.perExample(y, (gradient, each) -> {
                Tensor normalised = Normalizations.layerNorm(x, null, null, epsilon);
                each.add(weight, Rows.lastDimension(gradient.mul(normalised)));
                each.add(bias, Rows.lastDimension(gradient));
            });
        };
    }
}
