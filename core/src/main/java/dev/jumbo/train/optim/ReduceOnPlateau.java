package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;

/**
 * Falls by a factor when a metric has not become better for some epochs; as PyTorch's {@code ReduceLROnPlateau}. It depends
 * on more than the step, so {@link #at} gives the base learning rate, and a {@link Plateau} that sees the metric lowers it.
 *
 * @param metric name of what is watched, as in the log
 * @param factor of each fall, above 0 and below 1
 * @param patience epochs without a better value that are accepted, 0 or more
 * @param threshold share by which a value must be better than the best to count
 * @param cooldown epochs after a fall that are not counted
 * @param minLearningRate lower limit
 */
@Kind("reduce_on_plateau")
public record ReduceOnPlateau(
        @Doc("Name of the metric that is watched.") @Default("val_loss")
        String metric,

        @Doc("Factor of each fall.") @Default("0.1") double factor,

        @Doc("Epochs without a better value that are accepted.") @Default("10")
        int patience,

        @Doc("Share by which a value must be better to count.") @Default("1e-4")
        double threshold,

        @Doc("Epochs after a fall that are not counted.") @Default("0")
        int cooldown,

        @Doc("Lower limit of the learning rate.") @Default("0.0")
        double minLearningRate)
        implements Schedule {
    public ReduceOnPlateau {
        Range.require(factor > 0 && factor < 1, "reduce_on_plateau.factor", "between 0 and 1", factor);
        Range.require(patience >= 0, "reduce_on_plateau.patience", "0 or more", patience);
        Range.atLeastZero("reduce_on_plateau.threshold", threshold);
        Range.require(cooldown >= 0, "reduce_on_plateau.cooldown", "0 or more", cooldown);
        Range.atLeastZero("reduce_on_plateau.min_learning_rate", minLearningRate);
    }

    @Override
    public double at(long step, long totalSteps, double baseLearningRate) {
        return baseLearningRate;
    }

    /** Starts to watch. @param higherIsBetter whether larger values of the metric are better */
    public Plateau start(boolean higherIsBetter) {
        return new Plateau(this, higherIsBetter);
    }
}
