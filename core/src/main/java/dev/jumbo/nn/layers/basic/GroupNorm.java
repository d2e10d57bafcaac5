package dev.jumbo.nn.layers.basic;

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
 * Group normalisation (Wu, He, 2018): {@code weight (x - mean) / sqrt(variance + epsilon) + bias} with the statistics of
 * one example over each group of neighbouring channels of {@code [C, ...]}; it does not depend on the batch. One group is
 * layer normalisation over the image, C groups are instance normalisation. Parameters {@code weight [C]}, {@code bias
 * [C]}.
 *
 * @param groups divides C
 * @param epsilon keeps the divisor above 0
 */
@Kind("group_norm")
public record GroupNorm(
        @Doc("Groups into which the channels are divided.") int groups,
        @Doc("Added to the variance.") @Default("1.0e-5") double epsilon)
        implements UnaryLayer {
    public GroupNorm {
        if (groups < 1) {
            throw new InputException("group_norm: expected 1 or more groups, received " + groups);
        }
        if (!(epsilon > 0)) {
            throw new InputException("group_norm: expected an epsilon above 0, received " + epsilon);
        }
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() < 1 || input.elements() == 0 || input.size(0) % groups != 0) {
            throw new ShapeException("", "[C, ...] with C a multiple of " + groups + " groups", input);
        }
        return input;
    }

    @Override
    public long flops(Shape input) {
        return 4 * input.elements();
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        long values = input.elements();
        return List.of(Operation.pass("", "batch_norm", values, values, Kept.values(values))
                .withFlops(flops(input)));
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        Shape channels = input.slice(0, 1);
        Parameter weight = into.norm("weight", channels, Initializers.ones());
        Parameter bias = into.norm("bias", channels, Initializers.zeros());
        return (x, pass) -> {
            Tensor y = Normalizations.groupNorm(x, groups, weight.tensor(), bias.tensor(), epsilon);
            return pass.perExample(y, (gradient, each) -> {
                Tensor normalised = Normalizations.groupNorm(x, groups, null, null, epsilon);
                each.add(weight, Rows.channels(gradient.mul(normalised)));
                each.add(bias, Rows.channels(gradient));
            });
        };
    }
}
