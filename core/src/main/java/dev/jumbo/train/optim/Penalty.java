package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.nn.FlatRange;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.Segment;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.util.List;

/**
 * {@code l1 sum |w| + l2 sum w^2} over all weights, not over biases and normalisations; as Keras's {@code L1L2}. Part of
 * the loss, so its gradient goes through the optimizer; weight decay of AdamW does not.
 *
 * @param l1 drives weights to 0, 0 or more
 * @param l2 keeps weights small, 0 or more
 */
public record Penalty(
        @Doc("Factor of the sum of absolute weights.") @Default("0.0")
        double l1,

        @Doc("Factor of the sum of squared weights.") @Default("0.0")
        double l2) {
    public Penalty {
        Range.atLeastZero("l1", l1);
        Range.atLeastZero("l2", l2);
    }

    /** Whether both factors are 0. */
    public boolean isNone() {
        return l1 == 0 && l2 == 0;
    }

    /** Adds {@code l1 sign(w) + 2 l2 w} to the gradients. Call it after the backward pass, before clipping. */
    public void addToGradients(FlatSlice slice) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            for (FlatRange range : weights(slice)) {
                Tensor weights = range.of(slice.values());
                Tensor gradients = range.of(slice.gradients());
                if (l1 != 0) {
                    gradients.add_(weights.sign(), l1);
                }
                if (l2 != 0) {
                    gradients.add_(weights, 2 * l2);
                }
            }
        }
    }

    /** What the penalty adds to the loss now; frozen weights, which no penalty changes, do not count. */
    public double value(FlatSlice slice) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            double sum = 0;
            for (FlatRange range : weights(slice)) {
                Tensor weights = range.of(slice.values());
                sum += l1 * weights.abs().sum().item()
                        + l2 * weights.pow(2).sum().item();
            }
            return sum;
        }
    }

    /** Whatever their group; neighbours as one. */
    private static List<FlatRange> weights(FlatSlice slice) {
        return new Runs(
                        slice.segments().stream()
                                .map(s -> new Segment(s.range(), s.group(), s.decays(), 1, 1.0))
                                .toList(),
                        1,
                        false)
                .byDecay().stream()
                        .filter(run -> run.weightDecay() != 0)
                        .map(Runs.Run::range)
                        .toList();
    }
}
