package dev.jumbo.data;

/**
 * Count, mean, variance, minimum and maximum of values that pass by, NaN left out. Groups of values are merged by the
 * pairwise update of Chan, Golub and LeVeque (1979), which keeps its precision where the mean is large against the
 * deviation.
 */
public final class Moments {
    private long count;
    private double mean;
    private double squares;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    public void add(double value) {
        if (!Double.isNaN(value)) {
            merge(1, value, 0);
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
    }

    /** Adds the values from {@code from} (inclusive) to {@code to} (exclusive). */
    public void add(float[] values, int from, int to) {
        if (to - from == 1) {
            add(values[from]);
            return;
        }
        long n = 0;
        double sum = 0;
        for (int i = from; i < to; i++) {
            float v = values[i];
            if (!Float.isNaN(v)) {
                n++;
                sum += v;
                min = Math.min(min, v);
                max = Math.max(max, v);
            }
        }
        if (n == 0) {
            return;
        }
        double groupMean = sum / n;
        double groupSquares = 0;
        for (int i = from; i < to; i++) {
            double d = values[i] - groupMean;
            if (!Double.isNaN(d)) {
                groupSquares += d * d;
            }
        }
        merge(n, groupMean, groupSquares);
    }

    /** As {@link #add(float[], int, int)}. */
    public void add(double[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            add(values[i]);
        }
    }

    private void merge(long n, double groupMean, double groupSquares) {
        long total = count + n;
        double delta = groupMean - mean;
        mean += delta * n / total;
        squares += groupSquares + delta * delta * ((double) count * n / total);
        count = total;
    }

    /** How many values were added, NaN not counted. */
    public long count() {
        return count;
    }

    /** 0 before the first value. */
    public double mean() {
        return mean;
    }

    /** The standard deviation of the population (divided by n, as scikit-learn's StandardScaler does); 0 for no values. */
    public double deviation() {
        return count == 0 ? 0 : Math.sqrt(squares / count);
    }

    /** Infinity before the first value. */
    public double min() {
        return min;
    }

    /** Negative infinity before the first value. */
    public double max() {
        return max;
    }
}
