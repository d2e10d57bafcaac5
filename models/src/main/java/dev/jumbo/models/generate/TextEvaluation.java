package dev.jumbo.models.generate;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.train.metrics.text.TextMetric;
import dev.jumbo.train.metrics.text.TextMetrics;
import dev.jumbo.train.metrics.text.TextScore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * What a model says to texts, and how that compares with what others wrote: BLEU of translations and the like.
 *
 * @param answers the best one to each prompt
 * @param scores of all answers together
 */
public record TextEvaluation(List<String> answers, List<TextScore> scores) {
    public TextEvaluation {
        answers = List.copyOf(answers);
        scores = List.copyOf(scores);
    }

    /**
     * Answers each prompt by itself.
     *
     * @param references a right answer to each prompt
     * @param resamples of the bootstrap for intervals, 0 for none
     * @param seed of the bootstrap
     * @param heard is told after each answer how many there are
     * @throws InputException if numbers differ, a prompt is too long, or there is none
     */
    public static TextEvaluation of(
            TextGenerator model,
            List<String> prompts,
            List<String> references,
            GenerationConfig generation,
            List<? extends TextMetric> metrics,
            int resamples,
            long seed,
            IntConsumer heard) {
        if (prompts.size() != references.size() || prompts.isEmpty()) {
            throw new InputException("expected one prompt or more and a reference of each, received " + prompts.size()
                    + " and " + references.size());
        }
        List<String> answers = new ArrayList<>();
        for (String prompt : prompts) {
            answers.add(model.generate(prompt, generation).text());
            heard.accept(answers.size());
        }
        List<List<String>> right = references.stream().map(List::of).toList();
        return new TextEvaluation(answers, TextMetrics.score(metrics, answers, right, resamples, seed));
    }
}
