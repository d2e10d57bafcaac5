package dev.jumbo.train.metrics;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Answer;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The share of rows whose right class is among the k most probable, from 0 to 1. Of equally probable classes the later
 * ones come first, as in scikit-learn.
 *
 * @param k 1 or more
 */
@Kind("top_k_accuracy")
public record TopKAccuracy(
        @Doc("How many of the most probable classes may hold the right one.") @Default("5")
        int k) implements RowMetric {
    /** @throws InputException if k is less than 1 */
    public TopKAccuracy {
        if (k < 1) {
            throw new InputException("expected k of at least 1 for top_k_accuracy, received " + k);
        }
    }

    @Override
    public String name() {
        return "top_" + k + "_accuracy";
    }

    @Override
    public boolean fits(Answer answer) {
        return answer == Answer.CLASS || answer == Answer.OWN;
    }

    @Override
    public void checkClasses(int classes) {
        if (k >= classes) {
            throw new InputException("metrics: " + name() + " is 1 for any model of " + classes
                    + " classes; write top_k_accuracy with a k below that, or accuracy");
        }
    }

    @Override
    public boolean higherIsBetter() {
        return true;
    }

    @Override
    public double of(Predictions predictions, int row) {
        if (!predictions.isDefined(row)) {
            return Double.NaN;
        }
        int target = predictions.target(row);
        double probability = predictions.probability(row, target);
        int before = 0;
        for (int c = 0; c < predictions.classes(); c++) {
            double other = predictions.probability(row, c);
            if (other > probability || (other == probability && c > target)) {
                before++;
            }
        }
        return before < k ? 1 : 0;
    }

    @Override
    public @Nullable Tensor figures(TensorRows rows) {
        if (rows.width() == 1) {
            return null;
        }
        Tensor outputs = rows.outputs();
        Tensor target = rows.target().unsqueeze(1);
        Tensor own = outputs.gather(1, target);
        Tensor later =
                Tensor.arange(rows.width()).to(outputs.device()).unsqueeze(0).gt(target);
        Tensor ties = outputs.eq(own).to(DType.FLOAT32).mul(later.to(DType.FLOAT32));
        Tensor before = outputs.gt(own).to(DType.FLOAT32).add(ties).sum(false, 1);
        return rows.orUndefined(before.neg().gt(-k).to(DType.FLOAT64));
    }
}
