package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;

/**
 * Falls by a factor at regular steps: {@code base gamma^floor(step / step_size)}; as PyTorch's {@code StepLR} called after
 * each step of the optimizer.
 *
 * @param stepSize steps of the optimizer between two falls, 1 or more
 * @param gamma the factor, above 0
 */
@Kind("step")
public record Step(
        @Doc("Steps of the optimizer between two falls.") long stepSize,
        @Doc("Factor of each fall.") @Default("0.1") double gamma)
        implements Schedule {
    public Step {
        Range.require(stepSize >= 1, "step.step_size", "1 or more", stepSize);
        Range.aboveZero("step.gamma", gamma);
    }

    @Override
    public double at(long step, long totalSteps, double baseLearningRate) {
        return baseLearningRate * Math.pow(gamma, Math.floorDiv(step, stepSize));
    }
}
