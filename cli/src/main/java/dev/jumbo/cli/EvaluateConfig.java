package dev.jumbo.cli;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.train.metrics.Metric;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code evaluate} section of a configuration. */
@Doc("How the result is measured.")
record EvaluateConfig(
        @Doc("The examples to measure on.") @Default("test") MeasuredOn split,

        @Doc("Figures of merit; by default those of training.") @Default("null") @Nullable
        List<Metric> metrics) {
    /** Which examples. */
    enum MeasuredOn {
        TRAIN,
        VALIDATION,
        TEST
    }

    EvaluateConfig {
        metrics = metrics == null ? null : List.copyOf(metrics);
    }
}
