package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;

/**
 * Warm-up, stable, decay (Hu et al., 2024, MiniCPM): a straight line up to the base learning rate, that rate for most of the training, and a
 * fall at its end. As Hugging Face's {@code get_wsd_schedule}; with the share {@code p} of the decay that is done, the rate over the base is
 *
 * <pre>
 * linear          min + (1 - min) (1 - p)
 * one_minus_sqrt  min + (1 - min) (1 - sqrt(p))               Hugging Face's 1-sqrt (Haegele et al., 2024)
 * cosine          min + (1 - min) (1 + cos(pi p)) / 2
 * </pre>
 *
 * <p>Until the decay begins the rate does not depend on the number of steps, so that a training may go on from a checkpoint before it, for
 * longer.
 *
 * @param warmupSteps steps that go up; 0 to use the ratio
 * @param warmupRatio share of all steps that go up, 0 to below 1; only without {@code warmupSteps}
 * @param decaySteps steps that go down; 0 to use the ratio. In a training shorter than warm-up and decay, all behind the warm-up
 * @param decayRatio share of all steps that go down, 0 to 1, where {@code decaySteps} is 0
 * @param decayType how it falls
 * @param minLrRatio where warm-up begins and decay ends, over the base, 0 to below 1
 */
@Kind("wsd")
@Doc("Warm-up, a stable learning rate, and a decay at the end.")
public record Wsd(
        @Doc("Steps that go up; 0 to use warmup_ratio.") @Default("0")
        long warmupSteps,

        @Doc("Share of all steps that go up.") @Default("0.0")
        double warmupRatio,

        @Doc("Steps that go down; 0 to use decay_ratio.") @Default("0")
        long decaySteps,

        @Doc("Share of all steps that go down, where decay_steps is 0.") @Default("0.2")
        double decayRatio,

        @Doc("How it falls: linear, one_minus_sqrt or cosine.") @Default("linear")
        Decay decayType,

        @Doc("Where warm-up begins and decay ends, over the base.") @Default("0.0")
        double minLrRatio)
        implements Schedule {
    /** How the learning rate falls. */
    public enum Decay {
        /** In a straight line. */
        LINEAR,
        /** First fast, then slowly. */
        ONE_MINUS_SQRT,
        /** Along half a cosine. */
        COSINE;

        /** From 1 to 0. @param share of the decay that is done */
        private double left(double share) {
            return switch (this) {
                case LINEAR -> 1 - share;
                case ONE_MINUS_SQRT -> 1 - Math.sqrt(share);
                case COSINE -> Cosine.between(1, 0, share);
            };
        }
    }

    public Wsd {
        Range.require(warmupSteps >= 0, "wsd.warmup_steps", "0 or more", warmupSteps);
        Range.fraction("wsd.warmup_ratio", warmupRatio);
        Range.require(decaySteps >= 0, "wsd.decay_steps", "0 or more", decaySteps);
        Range.require(decayRatio >= 0 && decayRatio <= 1, "wsd.decay_ratio", "from 0 to 1", decayRatio);
        Range.fraction("wsd.min_lr_ratio", minLrRatio);
        Range.require(
                warmupSteps == 0 || warmupRatio == 0,
                "wsd",
                "either warmup_steps or warmup_ratio",
                warmupSteps + " and " + warmupRatio);
    }

    @Override
    public double at(long step, long totalSteps, double baseLearningRate) {
        long up = warmupSteps > 0 ? warmupSteps : (long) Math.ceil(warmupRatio * totalSteps);
        long down = decaySteps > 0 ? decaySteps : (long) Math.ceil(decayRatio * totalSteps);
        down = Math.min(down, Math.max(0, totalSteps - up));
        long from = totalSteps - down;
        double left = 1;
        if (step < up) {
            left = (double) step / up;
        } else if (step >= from && down > 0) {
            left = decayType.left(Math.min(1, (double) (step - from) / down));
        }
        return baseLearningRate * (left * (1 - minLrRatio) + minLrRatio);
    }
}
