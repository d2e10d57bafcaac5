package dev.jumbo.train;

import dev.jumbo.data.Field;
import dev.jumbo.nn.Answer;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.metrics.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says so where a regression predicts worse than the mean of its targets would (R2 below 0): after the first epoch, and after
 * the last. R2 is measured beside the metrics that were asked for, of validation data where there is some. That of the first
 * epoch's training data has the network's first steps in it, which any training begins with: it must be far below 0.
 */
final class MeanBaseline {
    private static final Logger LOG = LoggerFactory.getLogger(MeanBaseline.class);

    private static final Metric R2 = Metrics.r2();

    /** A network that starts at the mean is as good as it. */
    private static final double ROUNDING = 1e-6;

    /** Of training data in the first epoch: off by three deviations on average. */
    private static final double LOST = -10;

    private final List<Metric> metrics;
    private final boolean asked;
    private final boolean numbers;
    private final boolean searches;
    private final List<String> targets;
    private final boolean scaled;

    MeanBaseline(TrainConfig config, List<Field> targets) {
        List<Metric> used = config.task().metrics();
        this.targets = targets.stream().map(Field::name).toList();
        scaled = config.task().targetScaling() == TargetScaling.STANDARD;
        // A range test has an epoch for each step, the first ones at rates at which nothing is learned.
        searches = config.schedule() instanceof LearningRateTest.Sweep;
        numbers = !config.hasObjective()
                && !searches
                && config.task().loss().answer(Task.target(targets.get(0))) == Answer.NUMBERS;
        asked = used.stream().anyMatch(metric -> metric.name().equals(R2.name()));
        metrics = new ArrayList<>(used);
        if (numbers && !asked) {
            metrics.add(R2);
        }
    }

    /** What is to be measured: what was asked for, and R2 of a regression. */
    List<Metric> metrics() {
        return metrics;
    }

    /**
     * Looks at the figures of an epoch, and takes out what nobody asked for.
     *
     * @param first of the worker that speaks
     */
    void look(Map<String, Double> figures, int epoch, int epochs, boolean first) {
        Double held = figures.get("val_" + R2.name());
        Double r2 = held == null ? figures.get(R2.name()) : held;
        if (numbers && !asked) {
            figures.remove(R2.name());
            figures.remove("val_" + R2.name());
        }
        boolean last = epoch == epochs - 1;
        if (!first || searches || epoch != 0 && !last) {
            return;
        }
        if (numbers) {
            say(targets.get(0), r2, held != null, epoch, epochs);
            return;
        }
        for (String target : targets) {
            // Of several outputs, each measures what it was asked for; numbers R2 where nothing is said.
            Double own = figures.get("val_" + target + "/" + R2.name());
            say(target, own == null ? figures.get(target + "/" + R2.name()) : own, own != null, epoch, epochs);
        }
    }

    private void say(String target, @Nullable Double r2, boolean held, int epoch, int epochs) {
        boolean last = epoch == epochs - 1;
        double bound = last || held ? -ROUNDING : LOST;
        if (r2 != null && r2 < bound) {
            LOG.warn(
                    "after epoch {} of {} the model predicts {} worse than its mean would: R2 of the {} data is {}, and 0 is"
                            + " the mean's; {}",
                    epoch + 1,
                    epochs,
                    target,
                    held ? "validation" : "training",
                    String.format(Locale.ROOT, "%.4g", r2),
                    advice(last));
        }
    }

    private String advice(boolean last) {
        String more =
                "train longer, look for another learning rate (jumbo train --find-lr), or scale the inputs (data.normalization, in"
                        + " Java fitPreprocessing)";
        return (last ? "" : "if that stays so, ")
                + (scaled
                        ? more
                        : "write target_scaling: standard (in Java targetScaling(TargetScaling.STANDARD)), " + more);
    }
}
