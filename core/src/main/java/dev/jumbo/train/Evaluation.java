package dev.jumbo.train;

import dev.jumbo.data.Column;
import dev.jumbo.nn.Loss;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.metrics.Predictions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Adds up the loss and the metrics of batches, in training and in evaluation alike. */
final class Evaluation {
    private final Loss loss;
    private final List<Metric> metrics;
    private final List<Metric.Accumulator> accumulators = new ArrayList<>();
    private final @Nullable Consumer<Predictions> each;
    private double lossSum;
    private long examples;

    Evaluation(Loss loss, List<Metric> metrics) {
        this(loss, metrics, null);
    }

    /** @param each receives the predictions of each batch */
    Evaluation(Loss loss, List<Metric> metrics, @Nullable Consumer<Predictions> each) {
        this.loss = loss;
        this.metrics = metrics;
        this.each = each;
        metrics.forEach(metric -> accumulators.add(metric.start()));
    }

    Loss loss() {
        return loss;
    }

    /** @param outputs what the network computed, {@code [N, ...]} @param lossValue the batch's mean loss */
    void add(Tensor outputs, Column targets, double lossValue) {
        lossSum += lossValue * targets.rows();
        examples += targets.rows();
        if (!metrics.isEmpty() || each != null) {
            Predictions predictions = predictions(loss, outputs.detach(), targets);
            accumulators.forEach(accumulator -> accumulator.add(predictions));
            if (each != null) {
                each.accept(predictions);
            }
        }
    }

    /** The sum of the loss so far, for a checkpoint inside an epoch. Metrics, which may hold every row, begin anew on a resume. */
    Map<String, Double> state() {
        return Map.of("loss_sum", lossSum, "examples", (double) examples);
    }

    void load(Map<String, Double> state) {
        lossSum = state.getOrDefault("loss_sum", 0.0);
        examples = state.getOrDefault("examples", 0.0).longValue();
    }

    /** The loss and each metric under its name, behind a prefix such as {@code val_}. */
    Map<String, Double> values(String prefix) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(prefix + "loss", lossSum / examples);
        for (int i = 0; i < metrics.size(); i++) {
            values.put(prefix + metrics.get(i).name(), accumulators.get(i).value());
        }
        return values;
    }

    /**
     * What the outputs mean, as rows: for {@code [N, classes, ...]}, or {@code [N, ..., classes]} where the loss says so,
     * a row for each of the other positions.
     */
    static Predictions predictions(Loss loss, Tensor outputs, Column targets) {
        Tensor meant = loss.predictions(outputs);
        boolean ids = targets.field().dtype() == DType.INT64;
        boolean positions = ids && meant.rank() > 2 && loss.classAxis() == 1;
        Tensor rows = positions ? meant.flatten(2, -1).transpose(1, 2) : meant;
        float[] values = rows.toFloats();
        return ids
                ? Predictions.ofClasses(values, targets.longs())
                : Predictions.ofValues(values, targets.floats(), (int) width(meant));
    }

    private static long width(Tensor predictions) {
        return predictions.rank() < 2 ? 1 : predictions.elements() / predictions.size(0);
    }
}
