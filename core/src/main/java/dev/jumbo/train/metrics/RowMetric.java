package dev.jumbo.train.metrics;

import dev.jumbo.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A metric that is the mean of a figure of each row. {@link BootstrapInterval} is fast for these. */
public interface RowMetric extends Metric {
    /** The figure of one row that counts. */
    double of(Predictions predictions, int row);

    /** As {@link #of(Predictions, int)} of every row, on the device: {@code [rows]}; null where that is not said. */
    default @Nullable Tensor figures(TensorRows rows) {
        return null;
    }

    @Override
    default @Nullable Tensor sums(TensorRows rows) {
        Tensor figures = figures(rows);
        return figures == null ? null : rows.sumAndCount(figures);
    }

    @Override
    default boolean isWeighted() {
        return true;
    }

    @Override
    default Accumulator start() {
        return new Accumulator() {
            private double sum;
            private double rows;

            @Override
            public void add(Predictions predictions) {
                for (int row = 0; row < predictions.rows(); row++) {
                    double weight = predictions.weight(row);
                    if (predictions.counts(row) && weight > 0) {
                        sum += weight * of(predictions, row);
                        rows += weight;
                    }
                }
            }

            @Override
            public double[] state() {
                return new double[] {sum, rows};
            }

            @Override
            public void merge(double[] state) {
                sum += state[0];
                rows += state[1];
            }

            @Override
            public double value() {
                return rows == 0 ? Double.NaN : sum / rows;
            }
        };
    }
}
