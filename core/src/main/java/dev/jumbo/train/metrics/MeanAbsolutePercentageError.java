package dev.jumbo.train.metrics;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Answer;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** The mean of {@code |y - p| / max(|y|, 2.2e-16)}: 0.1 is ten percent. Arbitrarily large where right values are zero. */
@Kind("mape")
@Doc("Mean absolute difference, relative to the right value.")
public record MeanAbsolutePercentageError() implements RowMetric {
    private static final double SMALLEST = Math.ulp(1.0);

    @Override
    public String name() {
        return "mape";
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
            double value = predictions.value(row, c);
            sum += Math.abs(predictions.output(row, c) - value) / Math.max(Math.abs(value), SMALLEST);
        }
        return sum / predictions.width();
    }

    @Override
    public @Nullable Tensor figures(TensorRows rows) {
        if (rows.hasClassIds()) {
            return null;
        }
        Tensor right = rows.values().to(DType.FLOAT64).abs().clamp(SMALLEST, Double.MAX_VALUE);
        return rows.differences().abs().div(right).mean(false, 1);
    }
}
