package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;

/**
 * Half a cosine from the base learning rate to the smallest one, {@code min + (base - min) (1 + cos(pi step / total)) / 2}
 * (Loshchilov, Hutter, 2017, equation 5, without restarts); as PyTorch's {@code CosineAnnealingLR}.
 *
 * @param minLearningRate reached after the last step, 0 or more
 */
@Kind("cosine")
public record Cosine(
        @Doc("Learning rate at the end.") @Default("0.0") double minLearningRate) implements Schedule {
    public Cosine {
        Range.atLeastZero("cosine.min_learning_rate", minLearningRate);
    }

    @Override
    public double at(long step, long totalSteps, double baseLearningRate) {
        return between(baseLearningRate, minLearningRate, (double) step / totalSteps);
    }

    /** From start (at 0) to end (at 1) along half a cosine. */
    static double between(double start, double end, double position) {
        return end + (start - end) * (1 + Math.cos(Math.PI * position)) / 2;
    }
}
