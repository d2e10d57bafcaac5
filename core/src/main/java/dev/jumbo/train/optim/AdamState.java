package dev.jumbo.train.optim;

import dev.jumbo.nn.FlatSlice;
import dev.jumbo.tensor.FusedAdam;
import dev.jumbo.tensor.Tensor;

/** Running means of gradients and of their squares. */
final class AdamState extends FlatState {
    private final FusedAdam kernel;
    private final double weightDecay;
    private final Tensor mean = slot("exp_avg", 0);
    private final Tensor square = slot("exp_avg_sq", 0);

    AdamState(FlatSlice slice, boolean decayAll, FusedAdam kernel, double weightDecay) {
        super(slice, decayAll);
        this.kernel = kernel;
        this.weightDecay = weightDecay;
    }

    static void check(
            String kind, double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {
        Range.atLeastZero(kind + ".learning_rate", learningRate);
        Range.fraction(kind + ".beta1", beta1);
        Range.fraction(kind + ".beta2", beta2);
        Range.atLeastZero(kind + ".epsilon", epsilon);
        Range.atLeastZero(kind + ".weight_decay", weightDecay);
    }

    @Override
    void update(double learningRate) {
        long all = values.elements();
        long split = weightDecay == 0 ? 0 : decayed;
        part(0, split, learningRate, weightDecay);
        part(split, all - split, learningRate, 0);
    }

    private void part(long start, long length, double learningRate, double decay) {
        if (length > 0) {
            kernel.step(
                    values.narrow(0, start, length),
                    gradients().narrow(0, start, length),
                    mean.narrow(0, start, length),
                    square.narrow(0, start, length),
                    count(),
                    learningRate,
                    decay);
        }
    }
}
