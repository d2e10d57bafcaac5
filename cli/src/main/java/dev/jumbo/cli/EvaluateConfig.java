package dev.jumbo.cli;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.text.dataset.ChatSource;
import dev.jumbo.train.metrics.Metric;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code evaluate} section of a configuration. */
@Doc("How the result is measured.")
record EvaluateConfig(
        @Doc("The examples to measure on.") @Default("test") MeasuredOn split,

        @Doc("Figures of merit; by default those of training.") @Default("null") @Nullable
        List<Metric> metrics,

        @Doc("Of chats: each answer is generated, behind what was really said before it, and compared exactly.")
        @Default("null")
        @Nullable
        GenerationConfig answers) {
    /** Which examples. */
    enum MeasuredOn {
        TRAIN,
        VALIDATION,
        TEST
    }

    EvaluateConfig {
        metrics = metrics == null ? null : List.copyOf(metrics);
    }

    /** @throws InputException if answers are asked for of data that has none */
    void requireFits(DataSource dataset) {
        if (answers != null && !(dataset instanceof ChatSource)) {
            throw new InputException(
                    "evaluate.answers: expected the dataset chats, whose answers are generated, received"
                            + " another; leave answers out");
        }
    }
}
