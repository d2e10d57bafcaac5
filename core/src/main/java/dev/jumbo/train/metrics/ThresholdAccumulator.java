package dev.jumbo.train.metrics;

import java.util.function.LongPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** A figure of a curve over all thresholds: of class 1 where there are two, otherwise the mean over the classes. */
final class ThresholdAccumulator implements Metric.Accumulator {
    private final ToDoubleFunction<Thresholds> figure;
    private final LongPredicate ignored;
    private final ScoredRows rows = new ScoredRows();

    /** @param ignored classes that are left out of the mean */
    ThresholdAccumulator(ToDoubleFunction<Thresholds> figure, LongPredicate ignored) {
        this.figure = figure;
        this.ignored = ignored;
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
                .filter(c -> !ignored.test(c))
                .mapToDouble(
                        c -> figure.applyAsDouble(Thresholds.of(rows.scores(c), rows.positives(c), rows.weights())))
                .average()
                .orElse(Double.NaN);
    }
}
