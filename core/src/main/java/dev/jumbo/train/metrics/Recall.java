package dev.jumbo.train.metrics;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Answer;
import dev.jumbo.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Of the rows of a class, the share predicted to be: {@code TP / (TP + FN)}, from 0 to 1; 0 for a class that never occurs.
 *
 * @param average how several classes become one number
 */
@Kind("recall")
public record Recall(
        @Doc("How several classes become one number.") @Default("macro")
        Average average) implements Metric {
    @Override
    public String name() {
        return average.suffix("recall");
    }

    /** Classes, and labels one by one. */
    @Override
    public boolean fits(Answer answer) {
        return answer == Answer.CLASS || answer == Answer.LABELS || answer == Answer.OWN;
    }

    @Override
    public void checkClasses(int classes) {
        average.check(name(), classes);
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
        return ConfusionMatrix.accumulator(matrix -> matrix.recall(average));
    }

    @Override
    public @Nullable Tensor sums(TensorRows rows) {
        return ConfusionMatrix.sums(rows);
    }
}
