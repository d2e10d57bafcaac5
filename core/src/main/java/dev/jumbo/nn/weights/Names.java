package dev.jumbo.nn.weights;

import dev.jumbo.config.CountedText;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions for whole names of tensors, in rules. */
record Names(String rule, Pattern pattern) {
    /** @param rule the kind of rule, for messages */
    static Names of(String rule, String regex) {
        try {
            return new Names(rule, Pattern.compile(regex));
        } catch (PatternSyntaxException e) {
            throw new InputException(
                    rule + ": expected a regular expression for names, received \"" + regex + "\": "
                            + e.getDescription() + " at character " + (e.getIndex() + 1),
                    e);
        }
    }

    boolean matches(String name) {
        return CountedText.matches(pattern, name);
    }

    /** Whether it means one of them. */
    boolean any(Collection<String> names) {
        return names.stream().anyMatch(this::matches);
    }

    /** Those that it means. @throws InputException if there are none */
    List<String> in(Collection<String> names) {
        List<String> found = names.stream().filter(this::matches).toList();
        if (found.isEmpty()) {
            throw new InputException(rule + ": expected tensors whose names match \"" + pattern + "\", found none"
                    + Nearest.hint(pattern.pattern().replace("\\", ""), names));
        }
        return found;
    }

    /** What a target means for a name. @throws InputException if it has a group that the pattern has not */
    String target(String name, String to) {
        Matcher matcher = pattern.matcher(name);
        try {
            return matcher.replaceFirst(to);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new InputException(
                    rule + ": expected groups of \"" + pattern + "\" in \"" + to + "\", such as $1, received others: "
                            + e.getMessage(),
                    e);
        }
    }
}
