package dev.jumbo.nn.layers.basic;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.PaddedChannels;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.SidedLayer;
import dev.jumbo.nn.each.Rows;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Normalizations;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import java.util.Set;

/**
 * Group normalisation (Wu, He, 2018): {@code weight (x - mean) / sqrt(variance + epsilon) + bias} with the statistics of
 * one example over each group of neighbouring channels of {@code [C, ...]}; it does not depend on the batch. One group is
 * layer normalisation over the image, C groups are instance normalisation. Parameters {@code weight [C]}, {@code bias
 * [C]}. Of padded sequences {@code [C, L]} with a side input {@code mask}, statistics are those of the real steps alone.
 *
 * @param groups divides C
 * @param epsilon keeps the divisor above 0
 */
@Kind("group_norm")
public record GroupNorm(
        @Doc("Groups into which the channels are divided.") int groups,
        @Doc("Added to the variance.") @Default("1.0e-5") double epsilon)
        implements SidedLayer {
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
    public Set<String> sides() {
        return Set.of(Masks.MASK);
    }

    @Override
    public Network build(Specs in, Parameters into) {
        Shape channels = in.main().shape().slice(0, 1);
        boolean masked = PaddedChannels.isPadded(in);
        Parameter weight = into.norm("weight", channels, Initializers.ones());
        Parameter bias = into.norm("bias", channels, Initializers.zeros());
        return (xs, pass) -> {
            Tensor x = xs.main();
            if (masked) {
                return Tensors.of(padded(x, PaddedChannels.real(xs), weight, bias, pass));
            }
            Tensor y = Normalizations.groupNorm(x, groups, weight.tensor(), bias.tensor(), epsilon);
            return Tensors.of(pass.perExample(y, (gradient, each) -> {
                Tensor normalised = Normalizations.groupNorm(x, groups, null, null, epsilon);
                each.add(weight, Rows.channels(gradient.mul(normalised)));
                each.add(bias, Rows.channels(gradient));
            }));
        };
    }

    /** By the statistics of real steps. */
    private Tensor padded(Tensor x, Tensor real, Parameter weight, Parameter bias, Pass pass) {
        long n = x.size(0);
        long channels = x.size(1);
        long steps = x.size(2);
        Tensor wide = Functional.toFloat32(x).reshape(n, groups, channels / groups, steps);
        Tensor counted = real.to(wide.dtype()).unsqueeze(1);
        Tensor count = counted.sum(true, 2, 3).mul((double) channels / groups).clamp(1, 1e30);
        Tensor mean = wide.mul(counted).sum(true, 2, 3).div(count);
        Tensor centred = wide.sub(mean);
        Tensor variance = centred.pow(2).mul(counted).sum(true, 2, 3).div(count);
        Tensor normalised = centred.mul(variance.add(epsilon).pow(-0.5)).reshape(n, channels, steps);
        Tensor y = normalised
                .mul(weight.tensor().reshape(1, channels, 1))
                .add(bias.tensor().reshape(1, channels, 1));
        Tensor followed = pass.perExample(y, (gradient, each) -> {
            each.add(weight, Rows.channels(gradient.mul(normalised.detach())));
            each.add(bias, Rows.channels(gradient));
        });
        return followed.dtype() == x.dtype() ? followed : followed.to(x.dtype());
    }
}
