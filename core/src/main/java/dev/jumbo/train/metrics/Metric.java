package dev.jumbo.train.metrics;

import dev.jumbo.nn.Answer;
import java.util.function.LongPredicate;

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
