package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;

/**
 * Up along half a cosine, then down along another to far below the start (Smith, Topin, 2018); as PyTorch's {@code
 * OneCycleLR} with the base learning rate as {@code max_lr} and the momentum left alone.
 *
 * @param pctStart share of the steps that go up, 0 to below 1
 * @param divFactor the maximum over the learning rate at the start, more than 0
 * @param finalDivFactor the learning rate at the start over the one at the end, more than 0
 */
@Kind("one_cycle")
public record OneCycle(
        @Doc("Share of the steps that go up.") @Default("0.3")
        double pctStart,

        @Doc("Maximum over the learning rate at the start.") @Default("25.0")
        double divFactor,

        @Doc("Learning rate at the start over the one at the end.") @Default("10000.0")
        double finalDivFactor)
        implements Schedule {
    public OneCycle {
        Range.fraction("one_cycle.pct_start", pctStart);
        Range.aboveZero("one_cycle.div_factor", divFactor);
        Range.aboveZero("one_cycle.final_div_factor", finalDivFactor);
    }

    @Override
    public double at(long step, long totalSteps, double baseLearningRate) {
        double first = baseLearningRate / divFactor;
        double top = pctStart * totalSteps - 1;
        if (step <= top && top > 0) {
            return Cosine.between(first, baseLearningRate, step / top);
        }
        // The maximum lies between steps where the way up is short, and even before the first.
        double position = (step - top) / (totalSteps - 1 - top);
        return Cosine.between(baseLearningRate, first / finalDivFactor, Math.min(position, 1));
    }
}
