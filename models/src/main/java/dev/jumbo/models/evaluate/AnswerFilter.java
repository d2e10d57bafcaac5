package dev.jumbo.models.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What is taken of a generated answer.
 *
 * @param name under which its figures are told
 * @param steps one behind the other
 */
record AnswerFilter(String name, List<UnaryOperator<String>> steps) {
    /** The answer as it is. */
    static final AnswerFilter NONE = new AnswerFilter("none", List.of());

    AnswerFilter {
        steps = List.copyOf(steps);
    }

    /** Of an entry of {@code filter_list}. @throws InputException for a function that is not known */
    static AnswerFilter of(JsonNode said) {
        List<UnaryOperator<String>> steps = new ArrayList<>();
        said.path("filter").forEach(step -> steps.add(step(step)));
        return new AnswerFilter(said.path("name").asText("none"), steps);
    }

    private static UnaryOperator<String> step(JsonNode step) {
        String function = step.path("function").asText();
        return switch (function) {
            case "take_first" -> answer -> answer;
            case "remove_whitespace" -> String::strip;
            case "lowercase" -> answer -> answer.toLowerCase(Locale.ROOT);
            case "uppercase" -> answer -> answer.toUpperCase(Locale.ROOT);
            case "regex" ->
                regex(
                        TaskMetric.regex(step.path("regex_pattern").asText("#### (\\-?[0-9\\.\\,]+)")),
                        step.path("group_select").asInt(0),
                        step.path("fallback").asText("[invalid]"));
            case "map" -> {
                Map<String, String> to = new LinkedHashMap<>();
                step.path("mapping_dict")
                        .fields()
                        .forEachRemaining(e -> to.put(e.getKey(), e.getValue().asText()));
                String otherwise = step.path("default_value").asText("");
                yield answer -> to.getOrDefault(answer, otherwise);
            }
            default ->
                throw new InputException(
                        "filter_list: expected the functions regex, remove_whitespace, lowercase, uppercase,"
                                + " map or take_first, received \"" + function + "\"");
        };
    }

    String of(String answer) {
        String taken = answer;
        for (UnaryOperator<String> step : steps) {
            taken = step.apply(taken);
        }
        return taken;
    }

    /**
     * What a pattern finds: of a pattern with groups, the first group that found something.
     *
     * @param which of the places where it is found; -1 is the last
     * @param fallback where there is none
     */
    private static UnaryOperator<String> regex(Pattern pattern, int which, String fallback) {
        return answer -> {
            List<MatchResult> found = pattern.matcher(answer).results().toList();
            int at = which < 0 ? found.size() + which : which;
            if (at < 0 || at >= found.size()) {
                return fallback;
            }
            return taken(found.get(at), fallback).strip();
        };
    }

    private static String taken(MatchResult match, String fallback) {
        if (match.groupCount() == 0) {
            return match.group();
        }
        for (int group = 1; group <= match.groupCount(); group++) {
            String found = match.group(group);
            if (found != null && !found.isEmpty()) {
                return found;
            }
        }
        return match.groupCount() == 1 ? "" : fallback;
    }
}
