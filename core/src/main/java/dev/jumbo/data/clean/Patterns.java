package dev.jumbo.data.clean;

import dev.jumbo.error.InputException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions of configurations. */
public final class Patterns {
    private Patterns() {}

    /** @throws InputException if it is none */
    public static Pattern compile(String pattern) {
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new InputException(
                    "expected a regular expression, received \"" + pattern + "\": " + e.getDescription(), e);
        }
    }
}
