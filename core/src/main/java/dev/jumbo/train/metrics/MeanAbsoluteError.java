package dev.jumbo.train.metrics;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Answer;
import dev.jumbo.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** The mean of {@code |y - p|} over all rows and outputs, in units of the target. */
@Kind("mae")
@Doc("Mean absolute difference.")
public record MeanAbsoluteError() implements RowMetric {
    @Override
    public String name() {
        return "mae";
    }

    @Override
    public boolean fits(Answer answer) {
        return answer == Answer.NUMBERS || answer == Answer.OWN;
    }

    @Override
    public boolean higherIsBetter() {
        return false;
    }

    @Override
    public double of(Predictions predictions, int row) {
        double sum = 0;
        for (int c = 0; c < predictions.width(); c++) {
            sum += Math.abs(predictions.output(row, c) - predictions.value(row, c));
        }
        return sum / predictions.width();
    }

    @Override
    public @Nullable Tensor figures(TensorRows rows) {
        return rows.hasClassIds() ? null : rows.differences().abs().mean(false, 1);
    }
}
