package dev.jumbo.train.metrics;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Answer;
import dev.jumbo.tensor.Tensor;

/** The mean of {@code -sum_c t_c log p_c} over the rows, in nats, 0 or more. Probabilities are clipped to {@code [eps, 1 - eps]} with the eps of a 32-bit float, 1.19e-7, as scikit-learn does for such inputs. */
@Kind("log_loss")
@Doc("Mean negative log of the probability given to the right class.")
public record LogLoss() implements RowMetric {
    @Override
    public String name() {
        return "log_loss";
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
    public double of(Predictions predictions, int row) {
        return Probabilities.logLoss(predictions, row);
    }

    @Override
    public Tensor figures(TensorRows rows) {
        return rows.logLoss();
    }
}
