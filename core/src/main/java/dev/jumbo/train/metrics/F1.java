package dev.jumbo.train.metrics;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Answer;
import dev.jumbo.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The harmonic mean of precision and recall of a class: {@code 2 TP / (2 TP + FP + FN)}, from 0 to 1.
 *
 * @param average how several classes become one number
 */
@Kind("f1")
public record F1(
        @Doc("How several classes become one number.") @Default("macro")
        Average average) implements Metric {
    @Override
    public String name() {
        return average.suffix("f1");
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
        return ConfusionMatrix.accumulator(matrix -> matrix.f1(average));
    }

    @Override
    public @Nullable Tensor sums(TensorRows rows) {
        return ConfusionMatrix.sums(rows);
    }
}
