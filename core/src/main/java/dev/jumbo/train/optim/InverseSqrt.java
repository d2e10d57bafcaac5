package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;

/**
 * A straight line up to the base learning rate, then {@code base sqrt(timescale / (step + timescale - warmup_steps))}, as Hugging Face's
 * {@code get_inverse_sqrt_schedule}. With the timescale left open and the base {@code (d warmup_steps)^-0.5} it is that of the first
 * transformer, {@code d^-0.5 min(step^-0.5, step warmup_steps^-1.5)} (Vaswani et al., 2017, equation 3). It does not depend on the number of
 * steps.
 *
 * @param warmupSteps steps that go up, 0 or more
 * @param timescale of the fall, in steps; 0 for {@code warmupSteps}, or 10,000 where there are none
 */
@Kind("inverse_sqrt")
@Doc("Warm-up, then a fall by the inverse square root of the step.")
public record InverseSqrt(
        @Doc("Steps that go up.") @Default("0") long warmupSteps,

        @Doc("Timescale of the fall, in steps; 0 for warmup_steps, or 10000 without them.") @Default("0")
        long timescale)
        implements Schedule {
    private static final long USUAL = 10_000;

    public InverseSqrt {
        Range.require(warmupSteps >= 0, "inverse_sqrt.warmup_steps", "0 or more", warmupSteps);
        Range.require(timescale >= 0, "inverse_sqrt.timescale", "0 or more", timescale);
    }

    @Override
    public double at(long step, long totalSteps, double baseLearningRate) {
        if (step < warmupSteps) {
            return baseLearningRate * step / warmupSteps;
        }
        double scale = timescale > 0 ? timescale : warmupSteps > 0 ? warmupSteps : USUAL;
        return baseLearningRate / Math.sqrt((step - warmupSteps + scale) / scale);
    }
}
