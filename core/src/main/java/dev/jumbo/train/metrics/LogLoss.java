package dev.jumbo.train.metrics;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;

/** The mean of {@code -sum_c t_c log p_c} over the rows, in nats, 0 or more. Probabilities are clipped to {@code [eps, 1 - eps]} with the eps of a 32-bit float, 1.19e-7, as scikit-learn does for such inputs. */
@Kind("log_loss")
@Doc("Mean negative log of the probability given to the right class.")
public record LogLoss() implements RowMetric {
    @Override
    public String name() {
        return "log_loss";
    }

    @Override
    public boolean higherIsBetter() {
        return false;
    }

    @Override
    public double of(Predictions predictions, int row) {
        return Probabilities.logLoss(predictions, row);
    }
}
