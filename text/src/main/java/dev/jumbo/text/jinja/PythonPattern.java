package dev.jumbo.text.jinja;

import dev.jumbo.config.CountedText;
import dev.jumbo.error.InputException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression as Python's {@code re} reads it. Each character of a text that it looks at is counted, so that no pattern runs on: one with
 * repetitions inside of each other takes as long as it likes otherwise.
 */
public final class PythonPattern {
    private final String said;
    private final Pattern pattern;

    private PythonPattern(String said, Pattern pattern) {
        this.said = said;
        this.pattern = pattern;
    }

    /** @throws InputException if it is none, or one that cannot be read here */
    public static PythonPattern of(String pattern) {
        try {
            return new PythonPattern(
                    pattern, Pattern.compile(here(pattern), Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES));
        } catch (PatternSyntaxException e) {
            throw new InputException(
                    "expected a regular expression, received " + Text.shown(pattern) + ": " + e.getDescription(), e);
        }
    }

    /** Names of groups, the end of a text, and brackets and {@code &&} inside of brackets, which mean sets of sets to Java, are written otherwise. */
    private static String here(String python) {
        StringBuilder here = new StringBuilder();
        boolean inside = false;
        for (int i = 0; i < python.length(); i++) {
            char c = python.charAt(i);
            char next = i + 1 < python.length() ? python.charAt(i + 1) : ' ';
            if (c == '\\' && i + 1 < python.length()) {
                here.append(c).append(next == 'Z' && !inside ? 'z' : next);
                i++;
            } else if (inside) {
                inside = c != ']';
                here.append(c == '[' || (c == '&' && next == '&') ? "\\" : "").append(c);
            } else if (c == '[') {
                inside = true;
                int first = python.startsWith("[^", i) ? i + 2 : i + 1;
                here.append(python, i, first);
                // As a text, not the end, at the first place.
                boolean bracket = python.startsWith("]", first);
                here.append(bracket ? "\\]" : "");
                i = bracket ? first : first - 1;
            } else if (python.startsWith("(?P<", i)) {
                here.append("(?<");
                i += 3;
            } else {
                here.append(c);
            }
        }
        return here.toString();
    }

    /**
     * What is made of the places of a text where it is found.
     *
     * @throws InputException if it looks at more than {@link TemplateLimits#STANDARD} many characters, or goes too deep
     */
    public <T> T in(String text, Function<Matcher, T> made) {
        long most = TemplateLimits.STANDARD.steps();
        long[] looked = {0};
        return in(
                text,
                () -> {
                    if (++looked[0] > most) {
                        throw new InputException("expected a regular expression that ends within " + most
                                + " steps, received " + Text.shown(said) + ", which goes on with a text of "
                                + text.length() + " characters; look for repetitions inside of each other");
                    }
                },
                made);
    }

    /** As {@link #in(String, Function)}. @param step told of each character that is looked at */
    <T> T in(String text, Runnable step, Function<Matcher, T> made) {
        try {
            return made.apply(pattern.matcher(new CountedText(text, step)));
        } catch (StackOverflowError e) {
            throw new InputException("expected a regular expression that goes through a text of " + text.length()
                    + " characters, received " + Text.shown(said)
                    + ", which goes too deep; write a repeated choice of characters in brackets: [ab]* for (a|b)*");
        }
    }
}
