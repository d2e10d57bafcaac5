package dev.jumbo.train.metrics;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Answer;
import java.util.function.LongPredicate;

/**
 * The area under the precision-recall curve as average precision, {@code sum (R_n - R_(n-1)) P_n}, from 0 to 1; the
 * share of positive rows for guessing. Of class 1 where there are two, otherwise the mean over each class against the
 * rest. 0 for a class without rows, as in scikit-learn.
 */
@Kind("pr_auc")
@Doc("Average precision; the mean of one-vs-rest for several classes.")
public record PrAuc() implements Metric {
    @Override
    public String name() {
        return "pr_auc";
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
        return new ThresholdAccumulator(Thresholds::averagePrecision, ignored);
    }
}
