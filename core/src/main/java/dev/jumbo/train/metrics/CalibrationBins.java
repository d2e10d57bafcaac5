package dev.jumbo.train.metrics;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows sorted into bins of equal width by the probability of the predicted class, to compare it with how often the
 * prediction was right (Guo et al., 2017, section 2). A bin holds {@code (lower, upper]}.
 */
public final class CalibrationBins {
    private final long[] rows;
    private final long[] right;
    private final double[] confidence;
    private boolean undefined;

    /**
     * One bin.
     *
     * @param lower lower bound of the probability
     * @param upper upper bound
     * @param rows how many rows it holds
     * @param confidence mean probability of the predicted class; NaN without rows
     * @param accuracy share of right predictions; NaN without rows
     */
    public record Bin(double lower, double upper, long rows, double confidence, double accuracy) {}

    /** Empty. @param bins 1 or more */
    public CalibrationBins(int bins) {
        if (bins < 1) {
            throw new InputException("expected at least 1 bin, received " + bins);
        }
        rows = new long[bins];
        right = new long[bins];
        confidence = new double[bins];
    }

    /** Sorts the rows that have a target into the bins. */
    public void add(Predictions predictions) {
        for (int row = 0; row < predictions.rows(); row++) {
            if (predictions.counts(row) && !predictions.isDefined(row)) {
                undefined = true;
            } else if (predictions.counts(row)) {
                int predicted = predictions.predicted(row);
                double probability = predictions.probability(row, predicted);
                int bin = (int) Math.ceil(probability * rows.length) - 1;
                bin = Math.max(0, Math.min(rows.length - 1, bin));
                rows[bin]++;
                confidence[bin] += probability;
                right[bin] += predicted == predictions.target(row) ? 1 : 0;
            }
        }
    }

    /** Rows, right predictions and sums of probabilities: three numbers a bin; then whether a row was not defined. */
    double[] state() {
        double[] state = new double[3 * rows.length + 1];
        state[3 * rows.length] = undefined ? 1 : 0;
        for (int i = 0; i < rows.length; i++) {
            state[3 * i] = rows[i];
            state[3 * i + 1] = right[i];
            state[3 * i + 2] = confidence[i];
        }
        return state;
    }

    /** What {@link #state} says of some rows, on the device. */
    static Tensor sums(TensorRows rows, int bins) {
        Tensor defined = rows.defined();
        Tensor none = Tensor.zeros(Shape.of(rows.rows()), DType.FLOAT64).to(defined.device());
        Tensor counted = rows.counted().to(DType.FLOAT64);
        Tensor probability = rows.probability(rows.predicted()).where(defined, none);
        Tensor bin = probability.mul(bins).ceil().sub(1).clamp(0, bins - 1).to(DType.INT64);
        Tensor counts = counted.where(defined, none);
        Tensor right = rows.predicted().eq(rows.target()).to(DType.FLOAT64).mul(counts);
        List<Tensor> sums = new ArrayList<>();
        for (Tensor each : List.of(counts, right, probability.mul(counts))) {
            sums.add(Tensor.zeros(Shape.of(bins), DType.FLOAT64)
                    .to(defined.device())
                    .scatterAdd_(0, bin, each));
        }
        Tensor undefined = counted.sub(counts).sum().reshape(1);
        return Tensor.cat(List.of(Tensor.stack(sums, 1).reshape(3L * bins), undefined), 0);
    }

    void merge(double[] state) {
        undefined |= state.length > 3 * rows.length && state[3 * rows.length] > 0;
        for (int i = 0; i < rows.length; i++) {
            rows[i] += (long) state[3 * i];
            right[i] += (long) state[3 * i + 1];
            confidence[i] += state[3 * i + 2];
        }
    }

    public List<Bin> bins() {
        return IntStream.range(0, rows.length)
                .mapToObj(i -> new Bin(
                        (double) i / rows.length,
                        (i + 1.0) / rows.length,
                        rows[i],
                        confidence[i] / rows[i],
                        (double) right[i] / rows[i]))
                .toList();
    }

    /** {@code sum_b n_b / n |accuracy_b - confidence_b|}, from 0 to 1; NaN without rows, or where an output was NaN. */
    public double expectedError() {
        if (undefined) {
            return Double.NaN;
        }
        double sum = 0;
        long total = 0;
        for (int i = 0; i < rows.length; i++) {
            sum += Math.abs(right[i] - confidence[i]);
            total += rows[i];
        }
        return sum / total;
    }
}
