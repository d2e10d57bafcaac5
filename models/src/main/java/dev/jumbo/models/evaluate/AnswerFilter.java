package dev.jumbo.models.evaluate;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import dev.jumbo.text.jinja.PythonPattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;

/**
 * What is taken of a generated answer.
 *
 * @param name under which its figures are told
 * @param steps one behind the other
 */
record AnswerFilter(String name, List<UnaryOperator<String>> steps) {
    /** The answer as it is. */
    static final AnswerFilter NONE = new AnswerFilter("none", List.of());

    /** What each function may be told. */
    private static final Map<String, Set<String>> SETTINGS = Map.of(
            "regex", Set.of("regex_pattern", "group_select", "fallback"),
            "map", Set.of("mapping_dict", "default_value"),
            "remove_whitespace", Set.of(),
            "lowercase", Set.of(),
            "uppercase", Set.of(),
            "take_first", Set.of());

    AnswerFilter {
        steps = List.copyOf(steps);
    }

    /** Of an entry of {@code filter_list}. @throws InputException for a function or a setting of it that is not known */
    static AnswerFilter of(TaskKeys said) {
        said.requireKnown(Set.of("name", "filter"), Set.of());
        List<UnaryOperator<String>> steps =
                said.mappings("filter").stream().map(AnswerFilter::step).toList();
        return new AnswerFilter(said.text("name", NONE.name), steps);
    }

    private static UnaryOperator<String> step(TaskKeys step) {
        String function = step.text("function", "");
        Set<String> settings = SETTINGS.get(function);
        if (settings == null) {
            throw step.wrong("expected the functions regex, remove_whitespace, lowercase, uppercase, map or"
                    + " take_first, received \"" + Shown.begin(function) + "\"");
        }
        step.requireKnown(settings, Set.of("function"));
        return switch (function) {
            case "remove_whitespace" -> String::strip;
            case "lowercase" -> answer -> answer.toLowerCase(Locale.ROOT);
            case "uppercase" -> answer -> answer.toUpperCase(Locale.ROOT);
            case "regex" ->
                regex(
                        pattern(step),
                        step.whole("group_select", Integer.MIN_VALUE, 0),
                        step.text("fallback", "[invalid]"));
            case "map" -> {
                TaskKeys mapping = step.mapping("mapping_dict");
                Map<String, String> to = new LinkedHashMap<>();
                mapping.tree().fieldNames().forEachRemaining(key -> to.put(key, mapping.text(key, "")));
                String otherwise = step.text("default_value", "");
                yield answer -> to.getOrDefault(answer, otherwise);
            }
            default -> UnaryOperator.identity();
        };
    }

    private static PythonPattern pattern(TaskKeys step) {
        try {
            return PythonPattern.of(step.text("regex_pattern", "#### (\\-?[0-9\\.\\,]+)"));
        } catch (InputException e) {
            throw new InputException(step.where() + "regex_pattern: " + e.getMessage(), e);
        }
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
    private static UnaryOperator<String> regex(PythonPattern pattern, int which, String fallback) {
        return answer -> {
            List<MatchResult> found =
                    pattern.in(answer, matcher -> matcher.results().toList());
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
