package dev.jumbo.train.metrics;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Answer;
import dev.jumbo.tensor.Tensor;

/**
 * How far the probability of the predicted class is from how often it is right: {@code sum_b n_b / n |accuracy_b -
 * confidence_b|} over bins of equal width (Guo et al., 2017, equation 3). From 0 to 1.
 *
 * @param bins 1 or more
 */
@Kind("expected_calibration_error")
public record ExpectedCalibrationError(
        @Doc("Number of bins of equal width.") @Default("15")
        int bins) implements Metric {
    /** @throws InputException if there is no bin */
    public ExpectedCalibrationError {
        if (bins < 1) {
            throw new InputException("expected at least 1 bin for expected_calibration_error, received " + bins);
        }
    }

    @Override
    public String name() {
        return "expected_calibration_error";
    }

    /** Classes, and labels one by one. */
    @Override
    public boolean fits(Answer answer) {
        return answer == Answer.CLASS || answer == Answer.LABELS || answer == Answer.OWN;
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
        CalibrationBins calibration = new CalibrationBins(bins);
        return new Accumulator() {
            @Override
            public void add(Predictions predictions) {
                calibration.add(predictions);
            }

            @Override
            public double[] state() {
                return calibration.state();
            }

            @Override
            public void merge(double[] state) {
                calibration.merge(state);
            }

            @Override
            public double value() {
                return calibration.expectedError();
            }
        };
    }

    @Override
    public Tensor sums(TensorRows rows) {
        return CalibrationBins.sums(rows, bins);
    }
}
