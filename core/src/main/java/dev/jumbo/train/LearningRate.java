package dev.jumbo.train;

import dev.jumbo.train.metrics.Monitor;
import dev.jumbo.train.optim.Plateau;
import dev.jumbo.train.optim.ReduceOnPlateau;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The learning rate of each step: by the schedule, or by what {@link ReduceOnPlateau} saw of the epochs so far. */
final class LearningRate {
    private final TrainConfig config;
    private final LongSupplier totalSteps;
    private final @Nullable Plateau plateau;

    /** @param totalSteps of all epochs, as far as it is known */
    LearningRate(TrainConfig config, LongSupplier totalSteps) {
        this.config = config;
        this.totalSteps = totalSteps;
        plateau = config.schedule() instanceof ReduceOnPlateau rule
                ? rule.start(Monitor.of(rule.metric()).higherIsBetter())
                : null;
    }

    /** @param step from 0 */
    double at(long step) {
        return at(step, config.baseLearningRate());
    }

    /** As {@link #at(long)}, of a phase with an optimizer of its own. @param base from which the schedule starts */
    double at(long step, double base) {
        return plateau == null ? config.schedule().at(step, totalSteps.getAsLong(), base) : plateau.learningRate(base);
    }

    /** Takes the metrics of an epoch in. */
    void observe(Map<String, Double> metrics) {
        if (plateau != null) {
            plateau.observe(plateau.watched(metrics));
        }
    }

    /** What a resume needs; empty for a schedule, which depends on the step alone. */
    Map<String, Double> state() {
        return plateau == null ? Map.of() : plateau.values();
    }

    void load(Map<String, Double> state) {
        if (plateau != null) {
            plateau.load(state);
        }
    }
}
