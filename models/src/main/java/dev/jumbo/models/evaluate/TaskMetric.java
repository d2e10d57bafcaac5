package dev.jumbo.models.evaluate;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import dev.jumbo.text.jinja.PythonPattern;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A metric of a task file.
 *
 * @param name such as {@code acc_norm}
 * @param regexesToIgnore of {@code exact_match}: what they match does not count
 * @param ignoreCase of {@code exact_match}
 * @param ignorePunctuation of {@code exact_match}: ASCII's
 * @param ignoreNumbers of {@code exact_match}
 */
public record TaskMetric(
        String name,
        List<String> regexesToIgnore,
        boolean ignoreCase,
        boolean ignorePunctuation,
        boolean ignoreNumbers) {
    private static final Map<OutputType, List<String>> KNOWN = Map.of(
            OutputType.MULTIPLE_CHOICE,
            List.of("acc", "acc_norm", "acc_bytes", "exact_match"),
            OutputType.LOGLIKELIHOOD,
            List.of("perplexity", "acc"),
            OutputType.LOGLIKELIHOOD_ROLLING,
            List.of("word_perplexity", "byte_perplexity", "bits_per_byte"),
            OutputType.GENERATE_UNTIL,
            List.of("exact_match", "bleu", "chrf", "ter"));

    public TaskMetric {
        regexesToIgnore = List.copyOf(regexesToIgnore);
        regexesToIgnore.forEach(PythonPattern::of);
    }

    /** Without settings. */
    public static TaskMetric of(String name) {
        return new TaskMetric(name, List.of(), false, false, false);
    }

    /** Of an entry of {@code metric_list}. @throws InputException for a key or metric that is not known, or added up otherwise than here */
    static TaskMetric of(TaskKeys said, OutputType type) {
        said.requireKnown(
                Set.of(
                        "metric",
                        "regexes_to_ignore",
                        "ignore_case",
                        "ignore_punctuation",
                        "ignore_numbers",
                        "aggregation"),
                Set.of("higher_is_better"));
        try {
            TaskMetric metric = new TaskMetric(
                    said.text("metric", ""),
                    said.texts("regexes_to_ignore"),
                    said.flag("ignore_case"),
                    said.flag("ignore_punctuation"),
                    said.flag("ignore_numbers"));
            metric.require(type);
            String aggregation = said.text("aggregation", metric.aggregation());
            // The mean of those that are numbers, which all are.
            if (!aggregation.replace("nanmean", "mean").equals(metric.aggregation())) {
                throw new InputException("aggregation: expected " + metric.aggregation() + " of " + metric.name
                        + ", received " + Shown.begin(aggregation));
            }
            return metric;
        } catch (InputException e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith(said.where()) ? e : new InputException(said.where() + message, e);
        }
    }

    /** How it is added up over documents, as lm-evaluation-harness calls it. */
    private String aggregation() {
        return switch (name) {
            case "word_perplexity", "byte_perplexity" -> "weighted_perplexity";
            case "perplexity", "bits_per_byte", "bleu", "chrf", "ter" -> name;
            default -> "mean";
        };
    }

    private static List<String> known(OutputType type) {
        return Objects.requireNonNull(KNOWN.get(type));
    }

    /** What a file without a list measures. */
    static List<TaskMetric> standard(OutputType type) {
        List<String> known = known(type);
        int count = type == OutputType.GENERATE_UNTIL ? 1 : type == OutputType.MULTIPLE_CHOICE ? 2 : known.size();
        return known.subList(0, count).stream().map(TaskMetric::of).toList();
    }

    /** @throws InputException if a task of such a type has no such metric */
    void require(OutputType type) {
        if (!known(type).contains(name)) {
            throw new InputException("expected metrics of " + type.label() + ", " + known(type) + ", received \""
                    + Shown.begin(name) + "\"");
        }
    }

    /** Whether larger is better. */
    public boolean higherIsBetter() {
        return !name.endsWith("perplexity") && !name.equals("bits_per_byte") && !name.equals("ter");
    }

    /** Whether an answer is one of those that are right. */
    boolean isExact(String answer, List<String> right) {
        String said = counted(answer);
        return right.stream().anyMatch(one -> counted(one).equals(said));
    }

    private String counted(String text) {
        String left = text;
        for (String regex : regexesToIgnore) {
            left = PythonPattern.of(regex).in(left, matcher -> matcher.replaceAll(""));
        }
        left = ignoreCase ? left.toLowerCase(Locale.ROOT) : left;
        left = ignorePunctuation ? left.replaceAll("\\p{Punct}", "") : left;
        return ignoreNumbers ? left.replaceAll("[0-9]", "") : left;
    }
}
