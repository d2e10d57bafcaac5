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
import dev.jumbo.nn.SidedLayer;
import dev.jumbo.nn.each.Rows;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Normalizations;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation (Ioffe, Szegedy, 2015): {@code weight (x - mean) / sqrt(variance + epsilon) + bias} for each
 * channel of {@code [C]}, {@code [C, L]} or {@code [C, H, W]}. In training, mean and variance are the batch's, and {@code
 * running = (1 - momentum) running + momentum batch}; otherwise they are the running ones.
 *
 * <p>Where a batch is spread over workers, each normalises its part by its own statistics, or all by those of the whole
 * batch ({@code train.distributed.sync_batch_norm}), as PyTorch's {@code SyncBatchNorm}.
 *
 * <p>Where {@code weight} is frozen, it normalises by the running statistics in training too and leaves them alone, as Keras's with
 * {@code trainable = False}; PyTorch's wants {@code eval()} for that.
 *
 * <p>Of padded sequences {@code [C, L]} with a side input {@code mask}, statistics are those of the real steps alone.
 *
 * <p>Parameters {@code weight}, {@code bias}, buffers {@code running_mean}, {@code running_var}, all {@code [C]} and as
 * PyTorch's {@code BatchNorm1d} and {@code BatchNorm2d}; so are the defaults. Keras writes {@code 1 - momentum}.
 *
 * @param momentum the batch's share in the running statistics, 0 to 1
 * @param epsilon keeps the divisor above 0
 */
@Kind("batch_norm")
public record BatchNorm(
        @Doc("The batch's share in the running statistics.") @Default("0.1")
        double momentum,

        @Doc("Added to the variance.") @Default("1.0e-5") double epsilon)
        implements SidedLayer {
    public BatchNorm {
        if (!(momentum >= 0 && momentum <= 1)) {
            throw new InputException("batch_norm: expected a momentum from 0 to 1, received " + momentum);
        }
        if (!(epsilon > 0)) {
            throw new InputException("batch_norm: expected an epsilon above 0, received " + epsilon);
        }
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() < 1 || input.rank() > 3 || input.elements() == 0) {
            throw new ShapeException("", "[C], [C, L] or [C, H, W]", input);
        }
        return input;
    }

    @Override
    public long flops(Shape input) {
        return 2 * input.elements();
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
        Parameter mean = into.buffer("running_mean", channels, Initializers.zeros());
        Parameter variance = into.buffer("running_var", channels, Initializers.ones());
        String path = into.path();
        return (xs, pass) -> {
            Tensor x = xs.main();
            boolean training = pass.training() && !weight.isFrozen();
            if (training && pass.keepsExamplesApart()) {
                throw new InputException((path.isEmpty() ? "batch_norm" : path + " (batch_norm)")
                        + ": gradients per example need examples that do not see each other, and batch normalisation in"
                        + " training mixes them by its statistics; take group_norm or layer_norm");
            }
            if (training && (pass.parts() != null || masked)) {
                @Nullable Tensor real = masked ? PaddedChannels.real(xs) : null;
                return Tensors.of(
                        SyncBatchNorm.forward(x, real, pass.parts(), this, path, weight, bias, mean, variance));
            }
            if (training) {
                requireSeveral(x.elements() / x.size(1), path, x);
            }
            Tensor y = Normalizations.batchNorm(
                    x, weight.tensor(), bias.tensor(), mean.tensor(), variance.tensor(), training, momentum, epsilon);
            return Tensors.of(pass.perExample(y, (gradient, each) -> {
                Tensor normalised = Normalizations.batchNorm(
                        x, null, null, mean.tensor(), variance.tensor(), false, momentum, epsilon);
                each.add(weight, Rows.channels(gradient.mul(normalised)));
                each.add(bias, Rows.channels(gradient));
            }));
        };
    }

    /** The variance of one value is undefined, and would make the running one infinite. */
    static void requireSeveral(double values, String path, Tensor x) {
        if (values <= 1) {
            throw new ShapeException(
                    path,
                    "more than one value for each channel in training (drop_last: true leaves out a short last batch)",
                    x.shape());
        }
    }
}
