package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;

/**
 * Falls evenly on a logarithmic scale: {@code base gamma^(step / decay_steps)}; as Keras's {@code ExponentialDecay} and,
 * with one decay step, PyTorch's {@code ExponentialLR}.
 *
 * @param gamma the factor over {@code decaySteps}, above 0
 * @param decaySteps steps of the optimizer, 1 or more
 */
@Kind("exponential")
public record Exponential(
        @Doc("Factor over decay_steps.") double gamma,

        @Doc("Steps of the optimizer over which the factor applies.") @Default("1")
        long decaySteps)
        implements Schedule {
    public Exponential {
        Range.aboveZero("exponential.gamma", gamma);
        Range.require(decaySteps >= 1, "exponential.decay_steps", "1 or more", decaySteps);
    }

    @Override
    public double at(long step, long totalSteps, double baseLearningRate) {
        return baseLearningRate * Math.pow(gamma, (double) step / decaySteps);
    }
}
