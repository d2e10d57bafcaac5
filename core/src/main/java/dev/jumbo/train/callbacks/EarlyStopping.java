package dev.jumbo.train.callbacks;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.train.metrics.Monitor;
import java.util.Map;

/**
 * Ends training when a figure has not improved for some epochs. The weights of the best epoch are in the best
 * checkpoint, which the trainer returns.
 */
public final class EarlyStopping implements Callback {
    private final Settings settings;
    private final Monitor monitor;
    private double best;
    private int bestEpoch = -1;
    private int wait;

    /** Which way is better. */
    public enum Mode {
        /** As the metric says. */
        AUTO,
        MIN,
        MAX
    }

    /**
     * When to stop.
     *
     * @param monitor {@code val_loss}, {@code val_accuracy} and so on
     * @param patience 0 or more
     * @param minDelta 0 or more, in units of the figure
     * @param mode needed only for figures that are no metric's name
     */
    @Kind("early_stopping")
    public record Settings(
            @Doc("Figure to watch.") @Default("val_loss") String monitor,

            @Doc("Epochs without improvement after which training stops.") @Default("5")
            int patience,

            @Doc("Least change that counts as an improvement.") @Default("0.0")
            double minDelta,

            @Doc("Whether the figure should fall (min) or rise (max); auto asks the metric.") @Default("auto")
            Mode mode) {
        /** @throws InputException if a number is negative */
        public Settings {
            if (patience < 0 || !(minDelta >= 0)) {
                throw new InputException("expected patience and min_delta of 0 or more for early_stopping, received "
                        + patience + " and " + minDelta);
            }
        }

        /** The figure to watch. @throws InputException if it has no metric's name and the mode is auto */
        public Monitor toMonitor() {
            return mode == Mode.AUTO ? Monitor.of(monitor) : new Monitor(monitor, mode == Mode.MAX);
        }
    }

    public EarlyStopping(Settings settings) {
        this.settings = settings;
        this.monitor = settings.toMonitor();
        this.best = monitor.worst();
    }

    /** Stops when {@code monitor} has not improved for {@code patience} epochs. */
    public static EarlyStopping of(String monitor, int patience) {
        return new EarlyStopping(new Settings(monitor, patience, 0, Mode.AUTO));
    }

    /** A resumed run that had already waited long enough does not go on. */
    @Override
    public void onStart(TrainingState state) {
        stopIfExhausted(state);
    }

    @Override
    public void onEpoch(TrainingState state, Map<String, Double> metrics) {
        Double value = metrics.get(monitor.name());
        if (value == null) {
            throw new InputException("early_stopping watches \"" + monitor.name() + "\", which is not measured"
                    + Nearest.hint(monitor.name(), metrics.keySet()) + "; set monitor, or a validation_split");
        }
        if (monitor.isBetter(value, best, settings.minDelta())) {
            best = value;
            bestEpoch = state.epoch();
            wait = 0;
            return;
        }
        wait++;
        stopIfExhausted(state);
    }

    private void stopIfExhausted(TrainingState state) {
        if (wait >= Math.max(1, settings.patience())) {
            state.stop(monitor.name() + " has not improved for " + wait + (wait == 1 ? " epoch" : " epochs")
                    + "; best was " + best + (bestEpoch < 0 ? "" : " in epoch " + (bestEpoch + 1)));
        }
    }

    /** The figure that is watched: what the best checkpoint should be chosen by. */
    public Monitor monitor() {
        return monitor;
    }

    /** The best value so far; infinite before the first epoch. */
    public double best() {
        return best;
    }

    /** The epoch of the best value, from 0; -1 before the first. */
    public int bestEpoch() {
        return bestEpoch;
    }

    @Override
    public Map<String, Double> state() {
        return bestEpoch < 0
                ? Map.of("wait", (double) wait)
                : Map.of("best", best, "best_epoch", (double) bestEpoch, "wait", (double) wait);
    }

    @Override
    public void load(Map<String, Double> state) {
        best = state.getOrDefault("best", monitor.worst());
        bestEpoch = state.getOrDefault("best_epoch", -1.0).intValue();
        wait = state.getOrDefault("wait", 0.0).intValue();
    }
}
