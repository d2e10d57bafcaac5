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
    private final double[] rows;
    private final double[] right;
    private final double[] confidence;
    private boolean undefined;

    /**
     * One bin.
     *
     * @param lower lower bound of the probability
     * @param upper upper bound
     * @param rows the weight of the rows that it holds, their number where each counts 1
     * @param confidence mean probability of the predicted class; NaN without rows
     * @param accuracy share of right predictions; NaN without rows
     */
    public record Bin(double lower, double upper, double rows, double confidence, double accuracy) {}

    /** Empty. @param bins 1 or more */
    public CalibrationBins(int bins) {
        if (bins < 1) {
            throw new InputException("expected at least 1 bin, received " + bins);
        }
        rows = new double[bins];
        right = new double[bins];
        confidence = new double[bins];
    }

    /** Sorts the rows that have a target into the bins, each by its weight. */
    public void add(Predictions predictions) {
        for (int row = 0; row < predictions.rows(); row++) {
            double weight = predictions.weight(row);
            if (!predictions.counts(row) || weight == 0) {
                continue;
            }
            if (!predictions.isDefined(row)) {
                undefined = true;
            } else {
                int predicted = predictions.predicted(row);
                double probability = predictions.probability(row, predicted);
                int bin = (int) Math.ceil(probability * rows.length) - 1;
                bin = Math.max(0, Math.min(rows.length - 1, bin));
                rows[bin] += weight;
                confidence[bin] += weight * probability;
                right[bin] += predicted == predictions.target(row) ? weight : 0;
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
        Tensor each = rows.counted().to(DType.FLOAT64);
        Tensor weights = rows.weights();
        Tensor counted = weights == null ? each : each.mul(weights);
        Tensor probability = rows.probability(rows.predicted()).where(defined, none);
        Tensor bin = probability.mul(bins).ceil().sub(1).clamp(0, bins - 1).to(DType.INT64);
        Tensor counts = counted.where(defined, none);
        Tensor right = rows.predicted().eq(rows.target()).to(DType.FLOAT64).mul(counts);
        List<Tensor> sums = new ArrayList<>();
        for (Tensor sum : List.of(counts, right, probability.mul(counts))) {
            sums.add(Tensor.zeros(Shape.of(bins), DType.FLOAT64)
                    .to(defined.device())
                    .scatterAdd_(0, bin, sum));
        }
        Tensor undefined = counted.sub(counts).sum().reshape(1);
        return Tensor.cat(List.of(Tensor.stack(sums, 1).reshape(3L * bins), undefined), 0);
    }

    void merge(double[] state) {
        undefined |= state.length > 3 * rows.length && state[3 * rows.length] > 0;
        for (int i = 0; i < rows.length; i++) {
            rows[i] += state[3 * i];
            right[i] += state[3 * i + 1];
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
                        right[i] / rows[i]))
                .toList();
    }

    /** {@code sum_b n_b / n |accuracy_b - confidence_b|}, from 0 to 1; NaN without rows, or where an output was NaN. */
    public double expectedError() {
        if (undefined) {
            return Double.NaN;
        }
        double sum = 0;
        double total = 0;
        for (int i = 0; i < rows.length; i++) {
            sum += Math.abs(right[i] - confidence[i]);
            total += rows[i];
        }
        return sum / total;
    }
}
