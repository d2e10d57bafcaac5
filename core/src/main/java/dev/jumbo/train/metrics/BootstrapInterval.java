package dev.jumbo.train.metrics;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * A metric with its percentile bootstrap confidence interval (Efron and Tibshirani, 1993, chapter 13): the metric over
 * many sets of rows drawn with replacement, and the quantiles of what came out. Resamples on which the metric is not
 * defined are left out; where it is not defined over all rows, the bounds are NaN as the value is.
 *
 * @param value the metric over all rows
 * @param lower lower bound
 * @param upper upper bound
 * @param confidence how often such intervals hold the true value, such as 0.95
 * @param resamples how many sets were drawn
 */
public record BootstrapInterval(double value, double lower, double upper, double confidence, int resamples) {
    private static final int RESAMPLES = 1000;

    /** The 95 % interval from 1,000 resamples. */
    public static BootstrapInterval of(Metric metric, Predictions predictions, long seed) {
        return of(metric, predictions, 0.95, RESAMPLES, seed);
    }

    /**
     * The interval of a metric. The same seed gives the same interval.
     *
     * @param confidence between 0 and 1
     * @param resamples 1 or more; the cost is that many times the number of rows
     * @throws InputException if an argument is out of its range
     */
    public static BootstrapInterval of(
            Metric metric, Predictions predictions, double confidence, int resamples, long seed) {
        requireRanges(confidence, resamples);
        double value = valueOf(metric, predictions);
        if (Double.isNaN(value)) {
            return new BootstrapInterval(value, Double.NaN, Double.NaN, confidence, resamples);
        }
        SplittableRandom random = RandomState.of(seed).derive("bootstrap").generator();
        double[] values = metric instanceof RowMetric rows
                ? ofRows(rows, predictions, resamples, random)
                : ofAny(metric, predictions, resamples, random);
        return of(value, values, confidence, resamples);
    }

    /**
     * The interval of a figure that follows from sums over examples, such as BLEU from the counts of each text. The same seed and number of
     * examples draw the same sets whatever the figure is.
     *
     * @param statistics what each example adds, as many numbers for each
     * @param figure of the sums of a set
     * @throws InputException if an argument is out of its range, or there is no example
     */
    public static BootstrapInterval ofSums(
            double[][] statistics, ToDoubleFunction<double[]> figure, double confidence, int resamples, long seed) {
        requireRanges(confidence, resamples);
        if (statistics.length == 0) {
            throw new InputException("expected one example or more for an interval, received none");
        }
        SplittableRandom random = RandomState.of(seed).derive("bootstrap").generator();
        double[] values = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            double[] sums = new double[statistics[0].length];
            for (int draw = 0; draw < statistics.length; draw++) {
                add(sums, statistics[random.nextInt(statistics.length)]);
            }
            values[i] = figure.applyAsDouble(sums);
        }
        double[] all = new double[statistics[0].length];
        for (double[] one : statistics) {
            add(all, one);
        }
        return of(figure.applyAsDouble(all), values, confidence, resamples);
    }

    private static void add(double[] sums, double[] one) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += one[i];
        }
    }

    private static void requireRanges(double confidence, int resamples) {
        if (!(confidence > 0 && confidence < 1) || resamples < 1) {
            throw new InputException("expected a confidence between 0 and 1 and at least 1 resample, received "
                    + confidence + " and " + resamples);
        }
    }

    private static BootstrapInterval of(double value, double[] values, double confidence, int resamples) {
        double[] defined =
                Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
        double tail = (1 - confidence) / 2;
        return new BootstrapInterval(
                value, quantile(defined, tail), quantile(defined, 1 - tail), confidence, resamples);
    }

    /** A mean over rows needs each row's figure once: a thousand resamples of ten thousand rows take some milliseconds. */
    private static double[] ofRows(RowMetric metric, Predictions predictions, int resamples, SplittableRandom random) {
        double[] figures = new double[predictions.rows()];
        double[] weights = new double[predictions.rows()];
        int rows = 0;
        for (int row = 0; row < predictions.rows(); row++) {
            if (predictions.counts(row) && predictions.weight(row) > 0) {
                weights[rows] = predictions.weight(row);
                figures[rows++] = weights[rows - 1] * metric.of(predictions, row);
            }
        }
        double[] values = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            double sum = 0;
            double all = 0;
            for (int draw = 0; draw < rows; draw++) {
                int drawn = random.nextInt(rows);
                sum += figures[drawn];
                all += weights[drawn];
            }
            values[i] = sum / all;
        }
        return values;
    }

    private static double[] ofAny(Metric metric, Predictions predictions, int resamples, SplittableRandom random) {
        int rows = predictions.rows();
        int width = predictions.width();
        boolean ids = predictions.hasClassIds();
        double[] values = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            float[] outputs = new float[rows * width];
            long[] classIds = new long[ids ? rows : 0];
            float[] targets = new float[ids ? 0 : rows * width];
            double[] weights = new double[predictions.weights().length];
            for (int row = 0; row < rows; row++) {
                int from = random.nextInt(rows);
                System.arraycopy(predictions.outputs(), from * width, outputs, row * width, width);
                if (weights.length > 0) {
                    weights[row] = predictions.weights()[from];
                }
                if (ids) {
                    classIds[row] = predictions.classIds()[from];
                } else {
                    System.arraycopy(predictions.values(), from * width, targets, row * width, width);
                }
            }
            values[i] = valueOf(metric, new Predictions(rows, width, outputs, classIds, targets, weights));
        }
        return values;
    }

    private static double valueOf(Metric metric, Predictions predictions) {
        Metric.Accumulator accumulator = metric.start();
        accumulator.add(predictions);
        return accumulator.value();
    }

    /** Linear between the two nearest values, as numpy's default. */
    private static double quantile(double[] sorted, double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double position = share * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
