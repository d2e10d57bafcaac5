package dev.jumbo.train.metrics;

/** A figure of merit over a set of examples. A record with a {@link dev.jumbo.config.Kind}. */
public interface Metric {
    /** As in logs and files: {@code accuracy}, {@code top_5_accuracy}. */
    String name();

    /** Whether larger is better. */
    boolean higherIsBetter();

    /** A fresh count. */
    Accumulator start();

    /** Adds up predictions batch by batch. */
    interface Accumulator {
        void add(Predictions predictions);

        /** The figure over all that was added; NaN where it is not defined, as for no examples. */
        double value();
    }
}
