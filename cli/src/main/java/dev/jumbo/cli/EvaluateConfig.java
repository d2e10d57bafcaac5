package dev.jumbo.cli;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.text.dataset.ChatSource;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.metrics.text.TextMetric;
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
        GenerationConfig answers,

        @Doc("Figures of the texts that a model of sources writes, such as translations: bleu, chrf, ter, rouge ...")
        @Default("[]")
        List<TextMetric> textMetrics,

        @Doc(
                "How answers to sources are generated, here and by jumbo predict; by default the most probable token each time.")
        @Default("null")
        @Nullable
        GenerationConfig generation) {
    /** Which examples. */
    enum MeasuredOn {
        TRAIN,
        VALIDATION,
        TEST
    }

    EvaluateConfig {
        metrics = metrics == null ? null : List.copyOf(metrics);
        textMetrics = List.copyOf(textMetrics);
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
