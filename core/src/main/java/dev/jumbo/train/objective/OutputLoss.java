package dev.jumbo.train.objective;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Loss;

/**
 * The loss of one output of several.
 *
 * @param weight its factor in the sum, 0 or more
 */
public record OutputLoss(
        @Doc("The loss of this output.") Loss loss,

        @Doc("Its factor in the sum of all losses.") @Default("1.0")
        double weight) {
    public OutputLoss {
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new InputException("losses: expected a weight of 0 or more, received " + weight);
        }
    }
}
