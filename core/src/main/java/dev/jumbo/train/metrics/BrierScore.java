package dev.jumbo.train.metrics;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Answer;

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
}
