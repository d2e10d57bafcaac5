package dev.jumbo.train.metrics;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Answer;
import dev.jumbo.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** The mean of {@code (y - p)^2} over all rows and outputs, in squared units of the target. */
@Kind("mse")
@Doc("Mean squared difference.")
public record MeanSquaredError() implements RowMetric {
    @Override
    public String name() {
        return "mse";
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
            double difference = predictions.output(row, c) - predictions.value(row, c);
            sum += difference * difference;
        }
        return sum / predictions.width();
    }

    @Override
    public @Nullable Tensor figures(TensorRows rows) {
        return rows.hasClassIds() ? null : rows.differences().pow(2).mean(false, 1);
    }
}
