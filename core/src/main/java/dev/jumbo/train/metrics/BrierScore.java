package dev.jumbo.train.metrics;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Answer;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Tensor;

/** The mean squared difference between probability and outcome (Brier, 1950): of class 1 where there are two, from 0 to 1; summed over the classes where there are more, from 0 to 2. */
@Kind("brier_score")
@Doc("Mean squared difference between probabilities and what happened.")
public record BrierScore() implements RowMetric {
    @Override
    public String name() {
        return "brier_score";
    }

    /** Classes, and labels one by one. */
    @Override
    public boolean fits(Answer answer) {
        return answer == Answer.CLASS || answer == Answer.LABELS || answer == Answer.OWN;
    }

    @Override
    public boolean higherIsBetter() {
        return false;
    }

    @Override
    public double of(Predictions predictions, int row) {
        if (predictions.classes() == 2) {
            double difference = predictions.probability(row, 1) - predictions.targetShare(row, 1);
            return difference * difference;
        }
        double sum = 0;
        for (int c = 0; c < predictions.width(); c++) {
            double difference = predictions.probability(row, c) - predictions.targetShare(row, c);
            sum += difference * difference;
        }
        return sum;
    }

    @Override
    public Tensor figures(TensorRows rows) {
        Tensor outputs = rows.outputs().to(DType.FLOAT64);
        if (rows.hasClassIds() && rows.classes() > 2) {
            Tensor own = rows.probability(rows.target());
            return outputs.pow(2)
                    .sum(false, 1)
                    .sub(own.pow(2))
                    .add(own.neg().add(1).pow(2));
        }
        if (rows.classes() > 2) {
            return rows.differences().pow(2).sum(false, 1);
        }
        Tensor share = rows.hasClassIds()
                ? rows.target().to(DType.FLOAT64)
                : rows.values().select(1, rows.width() - 1).to(DType.FLOAT64);
        return outputs.select(1, rows.width() - 1).sub(share).pow(2);
    }
}
