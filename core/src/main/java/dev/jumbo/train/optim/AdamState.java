package dev.jumbo.train.optim;

import dev.jumbo.nn.FlatSlice;
import dev.jumbo.tensor.FusedAdam;
import dev.jumbo.tensor.Tensor;

/** Running means of gradients and of their squares. */
final class AdamState extends FlatState {
    private final FusedAdam kernel;
    private final Tensor mean = slot("exp_avg", 0);
    private final Tensor square = slot("exp_avg_sq", 0);

    AdamState(FlatSlice slice, boolean decayAll, FusedAdam kernel, double weightDecay) {
        super(slice, weightDecay, decayAll);
        this.kernel = kernel;
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
        for (Runs.Run run : runs()) {
            kernel.step(
                    run.range().of(values),
                    run.range().of(gradients()),
                    run.range().of(mean),
                    run.range().of(square),
                    count(),
                    learningRate * run.learningRateScale(),
                    run.weightDecay());
        }
    }
}
