package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.tensor.RandomState;

/**
 * Cuts each value of the gradients to plus or minus a limit.
 *
 * @param maxValue above 0
 */
@Kind("clip_by_value")
@Doc("Cuts each value of the gradients to a limit.")
public record ClipByValue(
        @Doc("Limit of the absolute value.") @Default("1.0") double maxValue) implements GradientRule {
    /** @throws dev.jumbo.error.InputException if the limit is not above 0 */
    public ClipByValue {
        Range.require(maxValue > 0, "max_grad_value", "more than 0", maxValue);
    }

    @Override
    public void step(StepGradients gradients, RandomState random) {
        gradients.parts().forEach(part -> part.clamp_(-maxValue, maxValue));
    }
}
