package dev.jumbo.train;

import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.nn.Loss;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.metrics.OutputMetric;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of each of several outputs, named {@code price/rmse}: one that names no output is measured for each that it fits. Those of
 * one output keep their names.
 */
final class OutputMetrics {
    private OutputMetrics() {}

    /**
     * What is measured.
     *
     * @param asked null for what each target asks for
     * @param loss of each output
     * @throws InputException if one names no target, or fits none
     */
    static List<Metric> of(@Nullable List<Metric> asked, List<Field> targets, IntFunction<Loss> loss) {
        List<Metric> measured = new ArrayList<>();
        if (asked == null) {
            for (int i = 0; i < targets.size(); i++) {
                for (Metric metric : Task.metricsFor(loss.apply(i), targets.get(i))) {
                    measured.add(of(metric, targets, i));
                }
            }
            return measured;
        }
        for (Metric metric : asked) {
            if (metric instanceof OutputMetric named) {
                measured.add(of(named.metric(), targets, index(named, targets)));
            } else if (targets.size() < 2) {
                measured.add(targets.isEmpty() ? metric : of(metric, targets, 0));
            } else {
                measured.addAll(ofEach(metric, targets, loss));
            }
        }
        return measured;
    }

    /** Metrics of an objective of its own, which measure the first target. */
    static List<Metric> ofFirst(@Nullable List<Metric> asked, List<Field> targets) {
        if (asked == null || targets.isEmpty()) {
            return asked == null ? List.of() : asked;
        }
        return asked.stream()
                .map(metric -> metric.fitted(Task.target(targets.get(0))))
                .toList();
    }

    private static Metric of(Metric metric, List<Field> targets, int output) {
        Metric fitted = metric.fitted(Task.target(targets.get(output)));
        return targets.size() < 2
                ? fitted
                : new OutputMetric(targets.get(output).name(), fitted);
    }

    private static int index(OutputMetric metric, List<Field> targets) {
        List<String> names = targets.stream().map(Field::name).toList();
        int index = names.indexOf(metric.output());
        if (index < 0) {
            throw new InputException("metrics: there is no target \"" + metric.output() + "\" for " + metric.name()
                    + Nearest.hint(metric.output(), names));
        }
        return index;
    }

    private static List<Metric> ofEach(Metric metric, List<Field> targets, IntFunction<Loss> loss) {
        List<Metric> fitting = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            if (metric.fits(loss.apply(i).answer(Task.target(targets.get(i))))) {
                fitting.add(of(metric, targets, i));
            }
        }
        if (fitting.isEmpty()) {
            throw new InputException("metrics: " + metric.name() + " fits none of the targets "
                    + targets.stream()
                            .map(target -> Task.target(target).described())
                            .toList());
        }
        return fitting;
    }

    /** @throws InputException if one does not measure what the loss of its output says, see {@link Task#checkMetrics} */
    static void check(List<Metric> metrics, List<Shape> outputs, List<Field> targets, IntFunction<Loss> loss) {
        for (Metric metric : metrics) {
            boolean named = metric instanceof OutputMetric;
            int output = metric instanceof OutputMetric of ? index(of, targets) : 0;
            Metric own = metric instanceof OutputMetric of ? of.metric() : metric;
            try {
                Task.checkMetrics(loss.apply(output), List.of(own), outputs.get(output), targets.get(output));
            } catch (InputException e) {
                throw named
                        ? new InputException(
                                e.getMessage() + " for the output "
                                        + targets.get(output).name(),
                                e)
                        : e;
            }
        }
    }
}
