package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;

/**
 * A straight line up to the base learning rate, then another schedule over the remaining steps. As Hugging Face's
 * schedules with warm-up, where the first step has the learning rate 0; as PyTorch's {@code LinearLR} in a {@code
 * SequentialLR} with another start.
 *
 * @param warmupSteps steps that go up; 0 to use the ratio
 * @param warmupRatio share of all steps that go up, 0 to below 1; only without {@code warmupSteps}
 * @param startFactor the first learning rate over the base, 0 to below 1
 * @param then what follows
 */
@Kind("warmup")
public record WarmUp(
        @Doc("Steps that go up; 0 to use warmup_ratio.") @Default("0")
        long warmupSteps,

        @Doc("Share of all steps that go up.") @Default("0.0")
        double warmupRatio,

        @Doc("First learning rate over the base.") @Default("0.0")
        double startFactor,

        @Doc("What follows.") @Default("constant") Schedule then)
        implements Schedule {
    public WarmUp {
        Range.require(warmupSteps >= 0, "warmup.warmup_steps", "0 or more", warmupSteps);
        Range.fraction("warmup.warmup_ratio", warmupRatio);
        Range.fraction("warmup.start_factor", startFactor);
        Range.require(
                warmupSteps == 0 || warmupRatio == 0,
                "warmup",
                "either warmup_steps or warmup_ratio",
                warmupSteps + " and " + warmupRatio);
        Range.require(
                !(then instanceof ReduceOnPlateau), "warmup.then", "a schedule of steps alone", "reduce_on_plateau");
    }

    @Override
    public double at(long step, long totalSteps, double baseLearningRate) {
        long up = warmupSteps > 0 ? warmupSteps : (long) Math.ceil(warmupRatio * totalSteps);
        if (step < up) {
            return baseLearningRate * (startFactor + (1 - startFactor) * step / up);
        }
        return then.at(step - up, Math.max(totalSteps - up, 1), baseLearningRate);
    }
}
