package dev.jumbo.cli;

import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Training as people follow it, on stderr: on a terminal a bar for each epoch with its rate and the time left, then
 * everywhere a line for each epoch.
 */
final class Progress implements Callback, AutoCloseable {
    /** The system property by which the launcher says whether stderr is a terminal; Java cannot tell. */
    static final String TERMINAL_PROPERTY = "jumbo.terminal";

    private static final boolean TERMINAL = Boolean.getBoolean(TERMINAL_PROPERTY);

    private static final int REDRAW_MILLISECONDS = 200;

    private final PrintWriter err;
    private @Nullable ProgressBar bar;
    private double epochStart;
    private long examplesBefore;

    Progress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public boolean showsProgress() {
        return true;
    }

    @Override
    public void onStart(TrainingState state) {
        epochStart = state.seconds();
        examplesBefore = state.examples();
    }

    @Override
    public void onStep(TrainingState state) {
        if (TERMINAL) {
            double seconds = Math.max(state.seconds() - epochStart, 1e-9);
            double rate = (state.examples() - examplesBefore) / seconds;
            show(state)
                    .stepTo(Math.max(0, state.stepsPerEpoch() - state.stepsLeft()))
                    .setExtraMessage(String.format(
                            Locale.ROOT,
                            " loss %.4f, %,.0f %s/s%s",
                            state.loss(),
                            state.tokensPerExample() > 0 ? rate * state.tokensPerExample() : rate,
                            state.tokensPerExample() > 0 ? "tokens" : "examples",
                            share(rate, state)));
        }
    }

    /** Of the machine's peak, where it is known. */
    private static String share(double rate, TrainingState state) {
        double share = rate * state.flopsPerExample() / state.peakFlops();
        return share > 0 && share < Double.POSITIVE_INFINITY
                ? String.format(Locale.ROOT, ", %.0f %% of peak", 100 * share)
                : "";
    }

    private ProgressBar show(TrainingState state) {
        if (bar == null) {
            bar = new ProgressBarBuilder()
                    .setTaskName("epoch " + (state.epoch() + 1) + "/" + state.epochs())
                    .setInitialMax(state.stepsPerEpoch())
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(REDRAW_MILLISECONDS)
                    .setUnit(" steps", 1)
                    .showSpeed()
                    .setConsumer(new ConsoleProgressBarConsumer(System.err))
                    .build();
        }
        return bar;
    }

    @Override
    public void onEpoch(TrainingState state, Map<String, Double> metrics) {
        close();
        double seconds = Math.max(state.seconds() - epochStart, 1e-9);
        double rate = (state.examples() - examplesBefore) / seconds;
        double left = seconds * (state.epochs() - state.epoch() - 1);
        epochStart = state.seconds();
        examplesBefore = state.examples();
        String figures = metrics.entrySet().stream()
                .filter(e -> !e.getKey().equals("learning_rate"))
                .map(e -> String.format(Locale.ROOT, "%s %.4f", e.getKey(), e.getValue()))
                .collect(Collectors.joining("  "));
        err.println(String.format(
                Locale.ROOT,
                "epoch %d/%d  %s  %.1f s (validation included), %,.0f examples/s, about %s left",
                state.epoch() + 1,
                state.epochs(),
                figures,
                seconds,
                rate,
                duration(left)));
        err.flush();
    }

    /** Why it ended before its last epoch. */
    @Override
    public void onEnd(TrainingState state) {
        close();
        if (state.stopReason() != null) {
            err.println("training ends early, at step " + state.step() + ": " + state.stopReason());
            err.flush();
        }
    }

    static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60
                ? whole + " s"
                : whole < 3600
                        ? whole / 60 + " min " + whole % 60 + " s"
                        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
