package dev.jumbo.models.evaluate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model reached in a task.
 *
 * @param task its name
 * @param version of the task
 * @param outputType what it asked
 * @param documents that were measured
 * @param fewshot examples before each
 * @param figures in the order of the task file
 * @param cut prompts whose first tokens did not fit into the model's context and were left out
 * @param samples what was asked and said, document by document
 */
public record TaskResult(
        String task,
        String version,
        OutputType outputType,
        int documents,
        int fewshot,
        List<Figure> figures,
        int cut,
        List<Sample> samples) {
    /**
     * One figure.
     *
     * @param metric such as {@code acc_norm}
     * @param filter of generated answers; {@code none} otherwise
     * @param value over all documents
     * @param standardError of the value: of a mean {@code s / sqrt(n)}, of others the deviation of a bootstrap over documents; null of one document
     * @param higherIsBetter whether larger is better
     */
    public record Figure(
            String metric,
            String filter,
            double value,
            @Nullable Double standardError,
            boolean higherIsBetter) {}

    /**
     * One document.
     *
     * @param where its file and line
     * @param prompt before the continuations; of the first choice where they differ
     * @param answers what was generated, or none
     * @param logprobs of each continuation, or of the whole text
     */
    public record Sample(String where, String prompt, List<String> answers, List<Double> logprobs) {}

    /** A figure by its names. @throws java.util.NoSuchElementException if there is none */
    public Figure figure(String metric, String filter) {
        return figures.stream()
                .filter(figure ->
                        figure.metric().equals(metric) && figure.filter().equals(filter))
                .findFirst()
                .orElseThrow();
    }
}
