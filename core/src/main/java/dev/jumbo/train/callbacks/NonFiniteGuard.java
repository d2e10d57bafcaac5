package dev.jumbo.train.callbacks;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Ends training with a {@link FailureException} at a loss that is not finite, before a broken model is saved; on
 * request also at a loss that has jumped up and stays there.
 *
 * <p>A step is a spike if its loss is more than {@code factor} times the median of the window before it, and, since the
 * losses of single batches scatter over orders of magnitude late in training, also more than six robust standard
 * deviations (1.4826 times the median absolute deviation) above it on a logarithmic scale. Some spikes in a row stop
 * training; a single one heals by itself.
 */
public final class NonFiniteGuard implements Callback {
    private static final double DEVIATIONS = 6 * 1.4826;

    private final Settings settings;
    private final double[] window;
    private int seen;
    private int spikes;
    private double lastGood = Double.NaN;

    /**
     * What is not accepted.
     *
     * @param spikeFactor above 1, or 0 for no check
     * @param window 10 or more
     * @param spikes 1 or more
     */
    @Kind("non_finite_guard")
    public record Settings(
            @Doc("A loss this many times the running median is a spike; 0 checks only for losses that are not finite.")
            @Default("0.0")
            double spikeFactor,

            @Doc("Steps of the running median.") @Default("100")
            int window,

            @Doc("Spikes in a row that stop training.") @Default("5")
            int spikes) {
        /** @throws InputException if a number is out of its range */
        public Settings {
            if (!(spikeFactor == 0 || spikeFactor > 1) || window < 10 || spikes < 1) {
                throw new InputException("expected spike_factor above 1 (or 0 for none), window of at least 10 and "
                        + "spikes of at least 1 for non_finite_guard, received " + spikeFactor + ", " + window + ", "
                        + spikes);
            }
        }
    }

    public NonFiniteGuard(Settings settings) {
        this.settings = settings;
        this.window = new double[settings.window()];
    }

    /** Only against losses that are not finite. */
    public static NonFiniteGuard create() {
        return new NonFiniteGuard(new Settings(0, 100, 5));
    }

    /** Also against losses that stay above {@code factor} times the median of the last 100 steps. */
    public static NonFiniteGuard withSpikes(double factor) {
        return new NonFiniteGuard(new Settings(factor, 100, 5));
    }

    @Override
    public void onStep(TrainingState state) {
        double loss = state.loss();
        if (!Double.isFinite(loss)) {
            throw new FailureException("expected a finite loss, received " + loss + " " + where(state)
                    + "; lower the learning rate, clip gradients (max_grad_norm) or check the data for values that are"
                    + " not finite");
        }
        if (settings.spikeFactor() > 0) {
            checkSpike(state, loss);
        }
        lastGood = loss;
    }

    private void checkSpike(TrainingState state, double loss) {
        if (seen >= window.length) {
            double median = median(window);
            double spread = median(Arrays.stream(window)
                    .map(x -> Math.abs(log(x) - log(median)))
                    .toArray());
            boolean spike = loss > settings.spikeFactor() * median && log(loss) > log(median) + DEVIATIONS * spread;
            spikes = spike ? spikes + 1 : 0;
            if (spikes >= settings.spikes()) {
                throw new FailureException(String.format(
                        Locale.ROOT,
                        "the loss has jumped: %.6g, %.1f times the median %.6g of the last %d steps, %d steps in a row"
                                + " %s; lower the learning rate, lengthen its warm-up or clip gradients"
                                + " (max_grad_norm)",
                        loss,
                        loss / median,
                        median,
                        window.length,
                        spikes,
                        where(state)));
            }
        }
        window[seen % window.length] = loss;
        seen++;
    }

    private String where(TrainingState state) {
        return "at step " + state.step() + " in epoch " + (state.epoch() + 1) + " (last good loss "
                + (Double.isNaN(lastGood) ? "none" : lastGood) + ", learning rate " + state.learningRate() + ")";
    }

    /** Losses may be 0. */
    private static double log(double loss) {
        return Math.log(Math.max(loss, Float.MIN_NORMAL));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    @Override
    public Map<String, Double> state() {
        Map<String, Double> state = new LinkedHashMap<>();
        if (settings.spikeFactor() > 0) {
            state.put("seen", (double) seen);
            state.put("spikes", (double) spikes);
            for (int i = 0; i < Math.min(seen, window.length); i++) {
                state.put("loss." + i, window[i]);
            }
        }
        return state;
    }

    @Override
    public void load(Map<String, Double> state) {
        seen = state.getOrDefault("seen", 0.0).intValue();
        spikes = state.getOrDefault("spikes", 0.0).intValue();
        for (int i = 0; i < window.length; i++) {
            window[i] = state.getOrDefault("loss." + i, 0.0);
        }
    }
}
