package dev.jumbo.train.metrics;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Answer;
import java.util.function.LongPredicate;

/**
 * The area under the ROC curve: the probability that a positive row scores above a negative one, ties counting half.
 * From 0 to 1, 0.5 for guessing. Of class 1 where there are two, otherwise the mean over each class against the rest
 * (one-vs-rest, macro). NaN where a class has no rows or all of them.
 */
@Kind("roc_auc")
@Doc("Area under the ROC curve; the mean of one-vs-rest for several classes.")
public record RocAuc() implements Metric {
    @Override
    public String name() {
        return "roc_auc";
    }

    /** Classes, and labels one by one. */
    @Override
    public boolean fits(Answer answer) {
        return answer == Answer.CLASS || answer == Answer.LABELS || answer == Answer.OWN;
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
        return start(id -> false);
    }

    @Override
    public Accumulator start(LongPredicate ignored) {
        return new ThresholdAccumulator(Thresholds::rocAuc, ignored);
    }
}
