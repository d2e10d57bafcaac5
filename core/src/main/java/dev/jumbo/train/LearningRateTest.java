package dev.jumbo.train;

import dev.jumbo.data.Dataset;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.optim.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The learning rate range test (Smith, 2017, "Cyclical Learning Rates for Training Neural Networks"): some steps from a learning
 * rate far too low to one far too high, growing by the same factor each step. Where the loss falls fastest is a good
 * learning rate to start from. The model that it trains is thrown away.
 *
 * @param points of each step that was done
 * @param suggestion the learning rate where the smoothed loss falls fastest
 */
public record LearningRateTest(List<Point> points, double suggestion) {
    /** As fastai and Lightning have them. */
    private static final double LOWEST = 1e-7;

    private static final double HIGHEST = 10;
    /** Weight of what was before, in the running mean that says when to end. */
    private static final double SMOOTHING = 0.9;

    /** Steps on each side whose losses are averaged. */
    private static final int AROUND = 5;

    /** The test ends where the smoothed loss is this many times the least one. */
    private static final double DIVERGED = 4;

    /** First steps, whose smoothed loss still means little, and last ones, that are not looked at. */
    private static final int SKIPPED = 10;

    private static final int SKIPPED_LAST = 1;

    /** @param smoothed mean of the losses of up to five steps before and behind */
    public record Point(double learningRate, double loss, double smoothed) {}

    public LearningRateTest {
        points = List.copyOf(points);
    }

    /**
     * Runs the test.
     *
     * @param trainer of the model with all settings but the schedule; nothing is kept of what it saves
     * @param steps 20 or more; 100 is usual
     * @throws InputException if the loss was finite for too few steps to tell
     */
    public static LearningRateTest run(TrainerBuilder trainer, Dataset data, int steps) {
        if (steps < 2 * SKIPPED) {
            throw new InputException("expected " + 2 * SKIPPED + " or more steps, received " + steps);
        }
        Recorder recorder = new Recorder(steps);
        Path directory = temporary();
        try {
            trainer.schedule(new Sweep(steps))
                    .validationSplit(0)
                    .monitor("loss")
                    .earlyStopping("loss", steps)
                    .epochs(steps)
                    .logEverySteps(0)
                    .tensorboard(false)
                    .resume(false)
                    .saveTo(directory.resolve("run"))
                    .callback(recorder)
                    .build()
                    .fit(data);
        } catch (FailureException e) {
            if (recorder.points.isEmpty()) {
                throw e; // Else it is the end of the range that can be trained with.
            }
        } finally {
            delete(directory);
        }
        List<Point> points = smooth(recorder.points);
        double[] curve = points.stream().mapToDouble(Point::smoothed).toArray();
        return new LearningRateTest(
                points, points.get(steepest(untilLeast(curve))).learningRate());
    }

    /** The mean of the losses around each step: one of the losses before it would lag a decade behind. */
    private static List<Point> smooth(List<Point> points) {
        List<Point> smoothed = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            List<Point> around = points.subList(Math.max(0, i - AROUND), Math.min(points.size(), i + AROUND + 1));
            double mean = around.stream().mapToDouble(Point::loss).average().orElse(Double.NaN);
            smoothed.add(new Point(points.get(i).learningRate(), points.get(i).loss(), mean));
        }
        return smoothed;
    }

    /** A curve that has risen may fall again as noise does: the rest is no place to train at. */
    private static double[] untilLeast(double[] curve) {
        int least = SKIPPED;
        for (int i = SKIPPED; i < curve.length; i++) {
            least = curve[i] < curve[least] ? i : least;
        }
        int length = Math.max(least + 1 + SKIPPED_LAST, SKIPPED + SKIPPED_LAST + 2);
        return Arrays.copyOf(curve, Math.min(length, curve.length));
    }

    /** Grows from step to step by the same factor. */
    record Sweep(int steps) implements Schedule {
        @Override
        public double at(long step, long totalSteps, double baseLearningRate) {
            return LOWEST * Math.pow(HIGHEST / LOWEST, (double) step / (steps - 1));
        }
    }

    private static final class Recorder implements Callback {
        private final int steps;
        private final Sweep sweep;
        private final List<Point> points = new ArrayList<>();
        private double mean;
        private double least = Double.POSITIVE_INFINITY;

        Recorder(int steps) {
            this.steps = steps;
            sweep = new Sweep(steps);
        }

        @Override
        public boolean showsProgress() {
            return true;
        }

        @Override
        public void onStep(TrainingState state) {
            mean = SMOOTHING * mean + (1 - SMOOTHING) * state.loss();
            double smoothed = mean / (1 - Math.pow(SMOOTHING, state.step()));
            points.add(new Point(sweep.at(state.step() - 1, steps, 0), state.loss(), smoothed));
            least = Math.min(least, smoothed);
            if (state.step() >= steps || state.step() > SKIPPED && smoothed > DIVERGED * least) {
                state.stop("the learning rate range test is over");
            }
        }
    }

    /**
     * Where a curve falls fastest, by central differences; the first ten points and the last one are left out.
     *
     * @throws InputException if fewer than two are left
     */
    static int steepest(double[] curve) {
        int from = SKIPPED;
        int to = curve.length - SKIPPED_LAST;
        if (to - from < 2) {
            throw new InputException("expected more than " + (SKIPPED + SKIPPED_LAST + 1)
                    + " steps with a finite loss, received " + curve.length + ": look for bad values in the data");
        }
        int best = from;
        double lowest = Double.POSITIVE_INFINITY;
        for (int i = from; i < to; i++) {
            int before = Math.max(from, i - 1);
            int after = Math.min(to - 1, i + 1);
            double slope = (curve[after] - curve[before]) / (after - before);
            if (slope < lowest) {
                lowest = slope;
                best = i;
            }
        }
        return best;
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("jumbo-find-lr");
        } catch (IOException e) {
            throw new FailureException("cannot write to the directory for temporary files: " + e, e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new FailureException("cannot remove " + directory + ": " + e, e);
        }
    }
}
