package dev.jumbo.train;

import dev.jumbo.data.Column;
import dev.jumbo.dist.Agreement;
import dev.jumbo.nn.Loss;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.metrics.Predictions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the loss and the metrics of batches, in training and in evaluation alike. What several workers have added up can
 * be put together, and what was added up before a checkpoint goes on behind it.
 */
final class Evaluation {
    private static final String LOSS = "loss";

    private final Loss loss;
    private final List<Metric> metrics;
    private final List<Metric.Accumulator> accumulators = new ArrayList<>();
    private final @Nullable Consumer<Predictions> each;
    /** For each output, the sum of weighted losses and the sum of weights. */
    private double[] losses = new double[0];

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

    /** @param sum of the losses of an output, each times its weight @param weight sum of these weights */
    void addLoss(int output, double sum, double weight) {
        losses = Arrays.copyOf(losses, Math.max(losses.length, 2 * output + 2));
        losses[2 * output] += sum;
        losses[2 * output + 1] += weight;
    }

    /** @param outputs what the network computed, {@code [N, ...]} */
    void addPredictions(Tensor outputs, Column targets) {
        if (!metrics.isEmpty() || each != null) {
            Predictions predictions = predictions(loss, outputs.detach(), targets);
            accumulators.forEach(accumulator -> accumulator.add(predictions));
            if (each != null) {
                each.accept(predictions);
            }
        }
    }

    /** All that was added, under the names of the metrics. */
    Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(LOSS, losses);
        for (int i = 0; i < metrics.size(); i++) {
            state.put(key(i), accumulators.get(i).state());
        }
        return state;
    }

    /** Adds what another one of the same metrics has added. A metric that the other has not is left as it is. */
    void merge(Map<String, double[]> state) {
        double[] more = state.getOrDefault(LOSS, new double[0]);
        for (int i = 0; i < more.length; i += 2) {
            addLoss(i / 2, more[i], more[i + 1]);
        }
        for (int i = 0; i < metrics.size(); i++) {
            double[] added = state.get(key(i));
            if (added != null) {
                accumulators.get(i).merge(added);
            }
        }
    }

    private String key(int metric) {
        return metric + "." + metrics.get(metric).name();
    }

    /** What all workers have added, on each of them. */
    Evaluation together(Agreement agreement) {
        if (agreement.world().size() == 1) {
            return this;
        }
        Evaluation all = new Evaluation(loss, metrics);
        state().forEach((name, here) -> agreement.gather(here).forEach(part -> all.merge(Map.of(name, part))));
        return all;
    }

    /** The loss, summed over the outputs, and each metric under its name, behind a prefix such as {@code val_}. */
    Map<String, Double> values(String prefix) {
        Map<String, Double> values = new LinkedHashMap<>();
        double total = losses.length == 0 ? Double.NaN : 0;
        for (int i = 0; i < losses.length; i += 2) {
            total += losses[i] / losses[i + 1];
        }
        values.put(prefix + LOSS, total);
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
