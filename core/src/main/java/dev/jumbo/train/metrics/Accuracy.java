package dev.jumbo.train.metrics;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Answer;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Tensor;

/** The share of rows whose predicted class is the right one, from 0 to 1. */
@Kind("accuracy")
@Doc("Share of rows whose predicted class is right.")
public record Accuracy() implements RowMetric {
    @Override
    public String name() {
        return "accuracy";
    }

    /** Classes, and labels one by one. */
    @Override
    public boolean fits(Answer answer) {
        return answer == Answer.CLASS || answer == Answer.LABELS || answer == Answer.OWN;
    }

    @Override
    public boolean higherIsBetter() {
        return true;
    }

    @Override
    public double of(Predictions predictions, int row) {
        if (!predictions.isDefined(row)) {
            return Double.NaN;
        }
        return predictions.predicted(row) == predictions.target(row) ? 1 : 0;
    }

    @Override
    public Tensor figures(TensorRows rows) {
        return rows.orUndefined(rows.predicted().eq(rows.target()).to(DType.FLOAT64));
    }
}
