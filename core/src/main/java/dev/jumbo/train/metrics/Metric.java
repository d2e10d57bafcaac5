package dev.jumbo.train.metrics;

import dev.jumbo.nn.Answer;
import dev.jumbo.nn.Target;
import dev.jumbo.tensor.Tensor;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** A figure of merit over a set of examples. A record with a {@link dev.jumbo.config.Kind}. */
public interface Metric {
    /** As in logs and files: {@code accuracy}, {@code top_5_accuracy}. */
    String name();

    /** Whether larger is better. */
    boolean higherIsBetter();

    /** Whether it measures such predictions; all, if it does not say. */
    default boolean fits(Answer answer) {
        return true;
    }

    /** Whether it is defined for so many classes. @throws dev.jumbo.error.InputException if not, with what to use instead */
    default void checkClasses(int classes) {}

    /**
     * Whether rows count by their weights ({@link Predictions#weight}), as in the loss; if not, each counts once, which training and
     * evaluation of weighted data say.
     */
    default boolean isWeighted() {
        return false;
    }

    /**
     * This metric with what it takes from the target it measures, such as the names of its classes; itself, if it does not say.
     *
     * @throws dev.jumbo.error.InputException if it needs something that the target does not say
     */
    default Metric fitted(Target target) {
        return this;
    }

    /** A fresh count. */
    Accumulator start();

    /**
     * A fresh count where some classes never count, since the loss leaves them out: a mean over classes leaves them out too.
     *
     * @param ignored whether a class id is left out
     */
    default Accumulator start(LongPredicate ignored) {
        return start();
    }

    /**
     * What a batch adds to the {@link Accumulator#state}, computed on the device: a FLOAT64 vector of the same length for every
     * batch, in the form of a state. So metrics of large outputs cost no copy of them. Null, if it does not say, where the metric
     * needs the rows themselves.
     */
    default @Nullable Tensor sums(TensorRows rows) {
        return null;
    }

    /** What two {@link #sums} come to together: their sum, unless it says otherwise. */
    default Tensor join(Tensor before, Tensor added) {
        return before.add(added);
    }

    /** Adds up predictions batch by batch. What several have added up, on several workers or before and after a break, can be merged. */
    interface Accumulator {
        void add(Predictions predictions);

        /** All that was added, as numbers that {@link #merge} takes; for curves over thresholds, every row. */
        double[] state();

        /** Adds what another accumulator of the same metric has added. @param state its {@link #state} */
        void merge(double[] state);

        /** The figure over all that was added; NaN where it is not defined, as for no examples. */
        double value();
    }
}
