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
 * {@code sqrt(mean (y - p)^2)} over the rows, in units of the target; the mean of that over the outputs where a row has
 * several.
 */
@Kind("rmse")
@Doc("Square root of the mean squared difference.")
public record RootMeanSquaredError() implements Metric {
    @Override
    public String name() {
        return "rmse";
    }

    @Override
    public boolean fits(Answer answer) {
        return answer == Answer.NUMBERS || answer == Answer.OWN;
    }

    @Override
    public boolean higherIsBetter() {
        return false;
    }

    @Override
    public boolean isWeighted() {
        return true;
    }

    @Override
    public Accumulator start() {
        return new Accumulator() {
            private double[] squares = new double[0];
            private double rows;

            @Override
            public void add(Predictions predictions) {
                squares = Arrays.copyOf(squares, predictions.width());
                for (int row = 0; row < predictions.rows(); row++) {
                    double weight = predictions.weight(row);
                    if (weight == 0) {
                        continue;
                    }
                    rows += weight;
                    for (int c = 0; c < squares.length; c++) {
                        double difference = predictions.output(row, c) - predictions.value(row, c);
                        squares[c] += weight * (difference * difference);
                    }
                }
            }

            @Override
            public double[] state() {
                double[] state = Arrays.copyOf(squares, squares.length + 1);
                state[squares.length] = rows;
                return state;
            }

            @Override
            public void merge(double[] state) {
                squares = Arrays.copyOf(squares, Math.max(squares.length, state.length - 1));
                for (int c = 0; c < state.length - 1; c++) {
                    squares[c] += state[c];
                }
                rows += state[state.length - 1];
            }

            @Override
            public double value() {
                return Arrays.stream(squares)
                        .map(sum -> Math.sqrt(sum / rows))
                        .average()
                        .orElse(Double.NaN);
            }
        };
    }

    @Override
    public @Nullable Tensor sums(TensorRows rows) {
        if (rows.hasClassIds()) {
            return null;
        }
        Tensor weights = rows.weights();
        Tensor each = rows.differences().pow(2);
        Tensor squares = (weights == null ? each : each.mul(weights.unsqueeze(1))).sum(false, 0);
        return Tensor.cat(
                List.of(
                        squares,
                        weights == null
                                ? Tensor.full(Shape.of(1), rows.rows(), DType.FLOAT64)
                                        .to(squares.device())
                                : weights.sum().reshape(1)),
                0);
    }
}
