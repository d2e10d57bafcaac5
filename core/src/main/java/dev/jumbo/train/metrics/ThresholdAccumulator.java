package dev.jumbo.train.metrics;

import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** A figure of a curve over all thresholds: of class 1 where there are two, otherwise the mean over the classes. */
final class ThresholdAccumulator implements Metric.Accumulator {
    private final ToDoubleFunction<Thresholds> figure;
    private final ScoredRows rows = new ScoredRows();

    ThresholdAccumulator(ToDoubleFunction<Thresholds> figure) {
        this.figure = figure;
    }

    @Override
    public void add(Predictions predictions) {
        rows.add(predictions);
    }

    @Override
    public double[] state() {
        return rows.state();
    }

    @Override
    public void merge(double[] state) {
        rows.merge(state);
    }

    @Override
    public double value() {
        return IntStream.range(rows.classes() == 2 ? 1 : 0, rows.classes())
                .mapToDouble(c -> figure.applyAsDouble(Thresholds.of(rows.scores(c), rows.positives(c))))
                .average()
                .orElse(Double.NaN);
    }
}
