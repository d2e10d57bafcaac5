package dev.jumbo.train.metrics;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Answer;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The coefficient of determination, {@code 1 - sum (y - p)^2 / sum (y - mean y)^2}: 1 is perfect, 0 is as good as the
 * mean, and it has no lower bound. The mean over the outputs where a row has several. It is NaN, undefined, with a constant target
 * (as scikit-learn's {@code r2_score(force_finite=False)} has no finite value there) and for fewer than two rows.
 */
@Kind("r2")
@Doc("Share of the target's variance that is explained.")
public record R2() implements Metric {
    /** In place of no weight at all, by which nothing can be divided. */
    private static final double LEAST = 1e-300;

    @Override
    public String name() {
        return "r2";
    }

    @Override
    public boolean fits(Answer answer) {
        return answer == Answer.NUMBERS || answer == Answer.OWN;
    }

    @Override
    public boolean higherIsBetter() {
        return true;
    }

    @Override
    public boolean isWeighted() {
        return true;
    }

    @Override
    public Accumulator start() {
        return new Accumulator() {
            private double[] residuals = new double[0];
            private double[] means = new double[0];
            private double[] deviations = new double[0];
            private double rows;

            @Override
            public void add(Predictions predictions) {
                int width = predictions.width();
                residuals = Arrays.copyOf(residuals, width);
                means = Arrays.copyOf(means, width);
                deviations = Arrays.copyOf(deviations, width);
                for (int row = 0; row < predictions.rows(); row++) {
                    double weight = predictions.weight(row);
                    if (weight == 0) {
                        continue;
                    }
                    rows += weight;
                    for (int c = 0; c < width; c++) {
                        double value = predictions.value(row, c);
                        double residual = value - predictions.output(row, c);
                        residuals[c] += weight * (residual * residual);
                        // Welford (1962), with weights West (1979): stable where the mean is large beside the spread.
                        double delta = value - means[c];
                        means[c] += weight * delta / rows;
                        deviations[c] += weight * (delta * (value - means[c]));
                    }
                }
            }

            @Override
            public double[] state() {
                int width = residuals.length;
                double[] state = new double[1 + 3 * width];
                state[0] = rows;
                System.arraycopy(residuals, 0, state, 1, width);
                System.arraycopy(means, 0, state, 1 + width, width);
                System.arraycopy(deviations, 0, state, 1 + 2 * width, width);
                return state;
            }

            @Override
            public void merge(double[] state) {
                double more = state[0];
                if (more == 0) {
                    return;
                }
                int width = (state.length - 1) / 3;
                residuals = Arrays.copyOf(residuals, width);
                means = Arrays.copyOf(means, width);
                deviations = Arrays.copyOf(deviations, width);
                double all = rows + more;
                for (int c = 0; c < width; c++) {
                    // Chan, Golub, LeVeque (1983), equations 2.1.
                    double delta = state[1 + width + c] - means[c];
                    residuals[c] += state[1 + c];
                    means[c] += delta * more / all;
                    deviations[c] += state[1 + 2 * width + c] + delta * delta * rows * more / all;
                }
                rows += more;
            }

            @Override
            public double value() {
                double sum = 0;
                for (int c = 0; c < residuals.length; c++) {
                    sum += deviations[c] == 0 ? Double.NaN : 1 - residuals[c] / deviations[c];
                }
                return sum / residuals.length;
            }
        };
    }

    /** {@code [1 + 3 width]}: rows, residuals, means, squared deviations. */
    @Override
    public @Nullable Tensor sums(TensorRows rows) {
        if (rows.hasClassIds() || rows.rows() == 0) {
            return null;
        }
        Tensor values = rows.values().to(DType.FLOAT64);
        Tensor weights = rows.weights();
        if (weights != null) {
            return weightedSums(rows, values, weights);
        }
        Tensor means = values.mean(false, 0);
        Tensor count = Tensor.full(Shape.of(1), rows.rows(), DType.FLOAT64).to(values.device());
        return Tensor.cat(
                List.of(
                        count,
                        rows.differences().pow(2).sum(false, 0),
                        means,
                        values.sub(means).pow(2).sum(false, 0)),
                0);
    }

    private static Tensor weightedSums(TensorRows rows, Tensor values, Tensor weights) {
        Tensor each = weights.unsqueeze(1);
        Tensor sum = weights.sum().reshape(1);
        Tensor means = values.mul(each).sum(false, 0).div(sum.clamp(LEAST, Double.MAX_VALUE));
        return Tensor.cat(
                List.of(
                        sum,
                        rows.differences().pow(2).mul(each).sum(false, 0),
                        means,
                        values.sub(means).pow(2).mul(each).sum(false, 0)),
                0);
    }

    /** Chan, Golub, LeVeque (1983), equations 2.1. */
    @Override
    public Tensor join(Tensor before, Tensor added) {
        long width = (before.elements() - 1) / 3;
        Tensor rows = before.narrow(0, 0, 1);
        Tensor more = added.narrow(0, 0, 1);
        Tensor all = rows.add(more).clamp(LEAST, Double.MAX_VALUE);
        Tensor delta = added.narrow(0, 1 + width, width).sub(before.narrow(0, 1 + width, width));
        return Tensor.cat(
                List.of(
                        all,
                        before.narrow(0, 1, width).add(added.narrow(0, 1, width)),
                        before.narrow(0, 1 + width, width).add(delta.mul(more).div(all)),
                        before.narrow(0, 1 + 2 * width, width)
                                .add(added.narrow(0, 1 + 2 * width, width))
                                .add(delta.pow(2).mul(rows).mul(more).div(all))),
                0);
    }
}
