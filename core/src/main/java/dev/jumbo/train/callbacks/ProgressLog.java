package dev.jumbo.train.callbacks;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plain lines to the log (SLF4J, INFO): one after each epoch, and one now and then within long ones. A training has it by
 * itself, unless a callback {@linkplain Callback#showsProgress shows progress} already.
 */
public final class ProgressLog implements Callback {
    private static final Logger log = LoggerFactory.getLogger(ProgressLog.class);

    private final Duration interval;
    private double startSeconds;
    private long startStep;
    private double lastSeconds;

    /** @param interval least time between two lines within an epoch */
    public ProgressLog(Duration interval) {
        this.interval = interval;
    }

    /** A line every 30 seconds at most, and one for each epoch. */
    public static ProgressLog create() {
        return new ProgressLog(Duration.ofSeconds(30));
    }

    @Override
    public boolean onFirstWorkerOnly() {
        return true;
    }

    @Override
    public boolean showsProgress() {
        return true;
    }

    @Override
    public void onStart(TrainingState state) {
        startSeconds = state.seconds();
        lastSeconds = startSeconds;
        startStep = state.step();
        if (startStep > 0) {
            log.info("resumed at step {} of {}", startStep, state.totalSteps());
        }
    }

    @Override
    public void onStep(TrainingState state) {
        double seconds = state.seconds();
        if (seconds - lastSeconds >= interval.toMillis() / 1e3) {
            lastSeconds = seconds;
            log.info("{}", stepLine(state));
        }
    }

    @Override
    public void onEpoch(TrainingState state, Map<String, Double> metrics) {
        lastSeconds = state.seconds();
        log.info("{}", epochLine(state, metrics));
    }

    String stepLine(TrainingState state) {
        return String.format(
                Locale.ROOT,
                "step %,d/%,d  loss %.4f  %s",
                state.step(),
                state.totalSteps(),
                state.loss(),
                pace(state));
    }

    String epochLine(TrainingState state, Map<String, Double> metrics) {
        String figures = metrics.entrySet().stream()
                .map(e -> e.getKey() + " " + format(e.getValue()))
                .collect(Collectors.joining("  "));
        return "epoch " + (state.epoch() + 1) + "/" + state.epochs() + "  " + figures + "  " + pace(state);
    }

    /** {@code 9,876 examples/s, 1m 05s left}. */
    private String pace(TrainingState state) {
        double seconds = state.seconds() - startSeconds;
        long steps = state.step() - startStep;
        if (seconds <= 0 || steps <= 0) {
            return "";
        }
        double left = (state.totalSteps() - state.step()) * seconds / steps;
        return String.format(Locale.ROOT, "%,.0f examples/s, %s left", state.examples() / seconds, clock(left));
    }

    private static String clock(double seconds) {
        Duration time = Duration.ofSeconds(Math.round(Math.max(0, seconds)));
        if (time.toHours() > 0) {
            return String.format(Locale.ROOT, "%dh %02dm", time.toHours(), time.toMinutesPart());
        }
        return String.format(Locale.ROOT, "%dm %02ds", time.toMinutes(), time.toSecondsPart());
    }

    /** Four digits after the point where they say something, otherwise scientific. */
    private static String format(double value) {
        return Math.abs(value) >= 1e-3 || value == 0
                ? String.format(Locale.ROOT, "%.4f", value)
                : String.format(Locale.ROOT, "%.2e", value);
    }
}
