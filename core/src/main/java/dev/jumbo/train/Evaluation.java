package dev.jumbo.train;

import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.dist.Agreement;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Answer;
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
        metrics.forEach(metric -> accumulators.add(metric.start(loss::ignores)));
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

    /** Whether the loss of an example counts. */
    boolean counts() {
        double weight = 0;
        for (int i = 1; i < losses.length; i += 2) {
            weight += losses[i];
        }
        return weight > 0;
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
     * a row for each of the other positions; of labels that do not exclude each other, a row for each. Class ids that the
     * loss ignores are negative, so that metrics ignore them too.
     */
    static Predictions predictions(Loss loss, Tensor outputs, Column targets) {
        Field field = targets.field();
        boolean ids = field.dtype() == DType.INT64;
        Answer answer = loss.answer(Task.target(field));
        Tensor meant = loss.predictions(outputs);
        if (answer == Answer.SEQUENCE) {
            throw new InputException(
                    "expected a prediction for each target, but the loss compares sequences of different"
                            + " lengths; use metrics: []");
        }
        boolean positions = meant.rank() > 2 && loss.classAxis() == 1 && (ids || answer == Answer.CLASS);
        float[] values = classesLast(meant, positions).toFloats();
        if (ids) {
            return Predictions.ofClasses(values, counted(loss, targets.longs()));
        }
        float[] expected = positions ? classesLast(targets.tensor(), true).toFloats() : targets.floats();
        return Predictions.ofValues(values, expected, (int) width(meant, answer, positions));
    }

    /** {@code [N, classes, ...]} as {@code [N, positions, classes]}. */
    private static Tensor classesLast(Tensor x, boolean positions) {
        return positions ? x.flatten(2, -1).transpose(1, 2) : x;
    }

    private static long[] counted(Loss loss, long[] ids) {
        long[] counted = ids;
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] >= 0 && loss.ignores(ids[i])) {
                counted = counted == ids ? ids.clone() : counted;
                counted[i] = -1;
            }
        }
        return counted;
    }

    private static long width(Tensor predictions, Answer answer, boolean positions) {
        int rank = predictions.rank();
        if (rank < 2 || answer == Answer.LABELS) {
            return 1;
        }
        if (answer == Answer.CLASS) {
            return predictions.size(positions ? 1 : rank - 1);
        }
        return predictions.elements() / predictions.size(0);
    }
}
