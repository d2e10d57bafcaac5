package dev.jumbo.train.optim;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link ReduceOnPlateau} remembers between epochs. */
public final class Plateau {
    private final ReduceOnPlateau rule;
    private final boolean higherIsBetter;
    private State state = new State(null, 0, 0, 0);

    /**
     * For a checkpoint.
     *
     * @param best value so far, or null before the first
     * @param waited epochs without a better one
     * @param cooling epochs that still do not count
     * @param falls of the learning rate so far
     */
    public record State(@Nullable Double best, int waited, int cooling, int falls) {}

    Plateau(ReduceOnPlateau rule, boolean higherIsBetter) {
        this.rule = rule;
        this.higherIsBetter = higherIsBetter;
    }

    /** Takes the metric of an epoch in. @return whether the learning rate falls */
    public boolean observe(double value) {
        boolean better = isBetter(value);
        Double best = better ? Double.valueOf(value) : state.best;
        boolean cools = state.cooling > 0;
        int waited = better || cools ? 0 : state.waited + 1;
        boolean falls = waited > rule.patience();
        state = falls
                ? new State(best, 0, rule.cooldown(), state.falls + 1)
                : new State(best, waited, cools ? state.cooling - 1 : 0, state.falls);
        return falls;
    }

    /** The learning rate after the falls so far. */
    public double learningRate(double baseLearningRate) {
        double lowered = baseLearningRate * Math.pow(rule.factor(), state.falls);
        return Math.max(lowered, Math.min(rule.minLearningRate(), baseLearningRate));
    }

    public State state() {
        return state;
    }

    public void load(State saved) {
        state = saved;
    }

    /** The watched metric among an epoch's. @throws InputException if it is not measured, naming the nearest */
    public double watched(Map<String, Double> metrics) {
        Double value = metrics.get(rule.metric());
        if (value == null) {
            throw new InputException("reduce_on_plateau watches \"" + rule.metric() + "\", which is not measured"
                    + Nearest.hint(rule.metric(), metrics.keySet()));
        }
        return value;
    }

    /** The state as numbers by name. */
    public Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        if (state.best != null) {
            values.put("best", state.best);
        }
        values.put("waited", (double) state.waited);
        values.put("cooling", (double) state.cooling);
        values.put("falls", (double) state.falls);
        return values;
    }

    /** Takes {@link #values()} back. */
    public void load(Map<String, Double> values) {
        state = new State(
                values.get("best"),
                values.getOrDefault("waited", 0.0).intValue(),
                values.getOrDefault("cooling", 0.0).intValue(),
                values.getOrDefault("falls", 0.0).intValue());
    }

    private boolean isBetter(double value) {
        if (state.best == null) {
            return !Double.isNaN(value);
        }
        return higherIsBetter
                ? value > state.best * (1 + rule.threshold())
                : value < state.best * (1 - rule.threshold());
    }
}
