package dev.jumbo.cli;

import dev.jumbo.data.Dataset;
import dev.jumbo.error.InputException;
import dev.jumbo.models.generate.TextEvaluation;
import dev.jumbo.models.generate.TextGenerator;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.text.dataset.PairDataset;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.metrics.text.TextScore;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a run's model of sources writes for them, generated as {@code evaluate.generation} says: the same for a file, a part of the data and a test. */
final class SourceEvaluation {
    private static final int SAID_EVERY = 200;

    private SourceEvaluation() {}

    /** How a run generates: as it says, or the most probable token up to the longest answer. */
    static GenerationConfig generation(EvaluateConfig config, TextGenerator model) {
        GenerationConfig asked = config.generation();
        return asked == null ? GenerationConfig.greedy(model.context()) : asked;
    }

    /**
     * Figures of texts on a part of the data; null where the run asks for none.
     *
     * @throws InputException if the model or the examples are no texts
     */
    static @Nullable TextEvaluation evaluate(
            RunFolder run, Checkpoint checkpoint, Dataset examples, int resamples, Consumer<String> say) {
        EvaluateConfig config = run.config().evaluate();
        if (config.textMetrics().isEmpty()) {
            return null;
        }
        if (!TextGenerator.readsSources(checkpoint.description()) || !(examples instanceof PairDataset pairs)) {
            throw new InputException("evaluate.text_metrics: expected a model of an encoder and a decoder, and a"
                    + " validation or test part of the dataset seq2seq, whose texts its answers are compared with;"
                    + " leave text_metrics out, or measure another part (--split)");
        }
        try (TextGenerator model = TextGenerator.open(checkpoint)) {
            int all = pairs.sourceTexts().size();
            return TextEvaluation.of(
                    model,
                    pairs.sourceTexts(),
                    pairs.targetTexts(),
                    generation(config, model),
                    config.textMetrics(),
                    resamples,
                    run.config().train().seed(),
                    done -> {
                        if (done % SAID_EVERY == 0) {
                            say.accept("answered " + done + " of " + all + " texts");
                        }
                    });
        }
    }

    /** Writes the answers beside the run, line by line. @param of what the examples are called in names of files */
    static void write(RunFolder run, String of, TextEvaluation made) {
        StringBuilder lines = new StringBuilder();
        made.answers().forEach(answer -> lines.append(line(answer)).append('\n'));
        Output.write(run.directory().resolve("answers" + of + ".txt"), lines.toString());
    }

    /** A text on one line. */
    static String line(String text) {
        return text.replaceAll("[\\r\\n]+", " ");
    }

    /** For people, as the other figures. */
    static String text(List<TextScore> scores) {
        StringBuilder text = new StringBuilder();
        for (TextScore score : scores) {
            text.append(String.format(Locale.ROOT, "%-20s %.2f", score.name(), score.value()));
            if (score.interval() != null) {
                text.append(String.format(
                        Locale.ROOT,
                        "   95 %% interval %.2f to %.2f",
                        score.interval().lower(),
                        score.interval().upper()));
            }
            text.append(score.signature().isEmpty() ? "" : "   " + score.signature())
                    .append('\n');
        }
        return text.toString();
    }
}
