package dev.jumbo.train.metrics;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;

/** The share of rows whose predicted class is the right one, from 0 to 1. */
@Kind("accuracy")
@Doc("Share of rows whose predicted class is right.")
public record Accuracy() implements RowMetric {
    @Override
    public String name() {
        return "accuracy";
    }

    @Override
    public boolean higherIsBetter() {
        return true;
    }

    @Override
    public double of(Predictions predictions, int row) {
        return predictions.predicted(row) == predictions.target(row) ? 1 : 0;
    }
}
