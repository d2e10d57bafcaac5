package dev.jumbo.models.evaluate;

import dev.jumbo.error.InputException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

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
        regexesToIgnore.forEach(TaskMetric::regex);
    }

    /** Without settings. */
    public static TaskMetric of(String name) {
        return new TaskMetric(name, List.of(), false, false, false);
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
            throw new InputException("metric_list: expected metrics of " + type.label() + ", " + known(type)
                    + ", received \"" + name + "\"");
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
            left = regex(regex).matcher(left).replaceAll("");
        }
        left = ignoreCase ? left.toLowerCase(Locale.ROOT) : left;
        left = ignorePunctuation ? left.replaceAll("\\p{Punct}", "") : left;
        return ignoreNumbers ? left.replaceAll("[0-9]", "") : left;
    }

    /** As Python reads it. */
    static Pattern regex(String pattern) {
        try {
            return Pattern.compile(
                    pattern.replace("(?P<", "(?<"), Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES);
        } catch (PatternSyntaxException e) {
            throw new InputException(
                    "expected a regular expression, received \"" + pattern + "\": " + e.getDescription(), e);
        }
    }
}
