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
import dev.jumbo.tensor.Tensor;
import java.util.List;

/**
 * Root-mean-square normalisation (Zhang, Sennrich, 2019): {@code weight x / sqrt(mean(x^2) + epsilon)} over the last
 * dimension of {@code [..., D]}. Parameter {@code weight [D]}, in fp32 also where the input is bf16.
 *
 * @param epsilon keeps the divisor above 0
 */
@Kind("rms_norm")
public record RmsNorm(
        @Doc("Added to the mean square.") @Default("1.0e-6") double epsilon) implements UnaryLayer {
    public RmsNorm {
        if (!(epsilon > 0)) {
            throw new InputException("rms_norm: expected an epsilon above 0, received " + epsilon);
        }
    }

    @Override
    public Shape outputShape(Shape input) {
        return LayerNorm.requireFeatures(input);
    }

    @Override
    public long flops(Shape input) {
        return 4 * input.elements();
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        long values = input.elements();
        // In fp32 whatever the input's type: the normalised values, then those times the weight.
        Kept kept = how.bf16()
                ? new Kept(values, 2L * Float.BYTES * values, 0, (long) Float.BYTES * values)
                : Kept.values(values).andSaved(values, 0);
        return List.of(Operation.pass("", "rms_norm", values, values, kept).withFlops(flops(input)));
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return input.rank() > 1;
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        Parameter weight = into.norm("weight", Shape.of(input.size(-1)), Initializers.ones());
        return (x, pass) -> {
            Tensor y = Normalizations.rmsNorm(x, weight.tensor(), epsilon);
            return pass.perExample(y, (gradient, each) -> {
                Tensor normalised = Normalizations.rmsNorm(x, null, epsilon);
                each.add(weight, Rows.lastDimension(gradient.mul(normalised)));
            });
        };
    }
}
