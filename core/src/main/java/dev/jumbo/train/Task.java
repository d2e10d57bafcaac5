package dev.jumbo.train;

import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Answer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Target;
import dev.jumbo.nn.losses.ClassWeights;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.objective.OutputLoss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a training makes small and what it measures: what the settings say, and where they leave it open, what the meaning of
 * the data's targets asks for. Of a model with several outputs, the loss and the metrics are those of each.
 *
 * @param loss of each output
 * @param metrics of the output, or {@link dev.jumbo.train.metrics.OutputMetric}s of several
 * @param targetScaling how numeric targets are scaled
 */
public record Task(Loss loss, List<Metric> metrics, TargetScaling targetScaling) {
    public Task {
        metrics = List.copyOf(metrics);
    }

    /** A target of the data, as losses see it. */
    public static Target target(Field field) {
        return new Target(field.name(), field.shape(), field.dtype() == DType.INT64, field.classes());
    }

    /**
     * Settles what the settings leave open. Classes get cross-entropy (binary where the network has one output for two
     * classes) and accuracy; numbers get the mean squared error, RMSE and R2, and are scaled where the data asks
     * for it. Nothing is checked: see {@link #check}.
     *
     * @param outputs of the network, for one example
     * @param scalable whether numbers, as this data has them, are to be scaled: a table's column, or values far from what a
     *     network starts with
     */
    public static Task settle(
            @Nullable Loss loss,
            @Nullable List<Metric> metrics,
            @Nullable TargetScaling scaling,
            List<Shape> outputs,
            List<Field> targets,
            boolean scalable) {
        if (outputs.isEmpty() || targets.isEmpty()) {
            return new Task(
                    loss == null ? Losses.crossEntropy() : loss,
                    metrics == null ? List.of() : metrics,
                    scaling == null ? TargetScaling.NONE : scaling);
        }
        Target target = target(targets.get(0));
        Loss used = loss == null ? lossFor(outputs.get(0), target) : loss;
        Answer answer = answer(used, target);
        boolean scaled = scalable && targets.size() == 1 && used.answer(target) == Answer.NUMBERS;
        return new Task(
                used,
                targets.size() == 1 && metrics == null
                        ? metricsFor(answer)
                        : OutputMetrics.of(metrics, targets, output -> used),
                scaling == null ? (scaled ? TargetScaling.STANDARD : TargetScaling.NONE) : scaling);
    }

    private static Loss lossFor(Shape output, Target target) {
        if (target.isNumbers()) {
            return Losses.mse();
        }
        boolean one = target.shape().rank() == 0;
        if (target.ids() && one && target.classes().size() == 2 && output.equals(Shape.of(1))) {
            return Losses.binaryCrossEntropy();
        }
        return new CrossEntropy(0, ClassWeights.of(List.of()), -100, true, classAxis(output, target));
    }

    /** What each of several targets asks for where nothing is written of losses, by name; empty where all are classes and ask for the same. */
    static Map<String, OutputLoss> losses(List<Shape> outputs, List<Field> targets) {
        Map<String, OutputLoss> losses = new LinkedHashMap<>();
        for (int i = 0; i < targets.size(); i++) {
            losses.put(targets.get(i).name(), new OutputLoss(lossFor(outputs.get(i), target(targets.get(i))), 1));
        }
        // Numbers have scales of their own, so each has a loss of its own.
        boolean numbers = targets.stream().anyMatch(field -> target(field).isNumbers());
        return !numbers && Set.copyOf(losses.values()).size() == 1 ? Map.of() : losses;
    }

    /** The last one of sequences {@code [T, classes]}, where the target has the other dimensions. */
    private static int classAxis(Shape output, Target target) {
        int rank = output.rank();
        if (rank < 2) {
            return 1;
        }
        if (!target.ids()) {
            return output.size(-1) == target.classes().size() ? -1 : 1;
        }
        boolean last = output.without(rank - 1).equals(target.shape());
        boolean first = output.without(0).equals(target.shape());
        int classes = target.classes().size();
        if (last && first && classes == 0) {
            throw new InputException("loss: expected to know which dimension of the output " + output
                    + " has the classes of "
                    + target.name() + ": write loss: {cross_entropy: {class_axis: -1}} for the last (as sequences have"
                    + " them), 1 for the first");
        }
        return last && !(first && output.size(-1) != classes) ? -1 : 1;
    }

    /** What a loss says of a target; what the target holds, where the loss leaves it open. */
    private static Answer answer(Loss loss, Target target) {
        Answer said = loss.answer(target);
        return said != Answer.OWN ? said : target.isNumbers() ? Answer.NUMBERS : Answer.CLASS;
    }

    /** What is measured where the settings leave it open. */
    public static List<Metric> metricsFor(Loss loss, Field target) {
        return metricsFor(answer(loss, target(target)));
    }

    private static List<Metric> metricsFor(Answer answer) {
        return switch (answer) {
            case CLASS, LABELS -> List.of(Metrics.accuracy());
            case NUMBERS -> List.of(Metrics.rmse(), Metrics.r2());
            case SEQUENCE, OWN -> List.of();
        };
    }

    /**
     * Whether loss, metrics and scaling fit the outputs and the targets.
     *
     * @throws InputException if something does not, with what to write instead
     */
    public void check(List<Shape> outputs, List<Field> targets) {
        requireAsMany(outputs, targets);
        for (int i = 0; i < outputs.size(); i++) {
            loss.check(outputs.get(i), target(targets.get(i)));
        }
        OutputMetrics.check(metrics, outputs, targets, output -> loss);
        if (targetScaling == TargetScaling.STANDARD) {
            checkScaling(targets);
        }
    }

    /** @throws InputException unless there is an output for each target */
    static void requireAsMany(List<Shape> outputs, List<Field> targets) {
        if (outputs.size() != targets.size()) {
            throw new InputException("expected a model with " + targets.size()
                    + " outputs, one for each target, received " + outputs.size());
        }
    }

    private void checkScaling(List<Field> targets) {
        Target target = target(targets.get(0));
        if (targets.size() > 1 || loss.answer(target) != Answer.NUMBERS) {
            throw new InputException(
                    "target_scaling: standard: expected one target of numbers with a loss such as mse, but "
                            + (targets.size() > 1 ? "there are " + targets.size() + " targets" : target.described())
                            + "; write target_scaling: none");
        }
    }

    /**
     * Whether metrics measure what a loss says of a target.
     *
     * @param output of the network, for one example
     * @throws InputException if one does not, with those that do
     */
    public static void checkMetrics(Loss loss, List<Metric> metrics, Shape output, Field field) {
        Target target = target(field);
        Answer answer = loss.answer(target);
        if (answer == Answer.OWN) {
            return;
        }
        int axis = loss.classAxis() == 1 ? 0 : output.rank() - 1;
        int width = answer != Answer.CLASS || output.rank() == 0 ? 1 : Math.toIntExact(output.size(axis));
        for (Metric metric : metrics) {
            if (!metric.fits(answer)) {
                List<String> fitting = Metrics.fitting(answer);
                throw new InputException("metrics: " + metric.name() + " does not fit: " + target.described()
                        + ", so the model answers with " + answer.words() + "; "
                        + (fitting.isEmpty() ? "write metrics: []" : "use some of " + String.join(", ", fitting)));
            }
            metric.checkClasses(Math.max(2, width));
        }
    }
}
