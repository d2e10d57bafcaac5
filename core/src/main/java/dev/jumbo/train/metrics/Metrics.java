package dev.jumbo.train.metrics;

import java.util.List;

/** Static factories for the common forms of every metric, and the list of metrics that files may name. */
public final class Metrics {
    private Metrics() {}

    /** Every metric that a configuration may name. */
    public static List<Class<? extends Metric>> kinds() {
        return List.of(Accuracy.class);
    }

    public static Accuracy accuracy() {
        return new Accuracy();
    }
}
