package dev.jumbo.nn.weights;

import dev.jumbo.config.CountedText;
import dev.jumbo.error.InputException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Names that are meant together: {@code *} is any text, dots included, {@code ?} one character, <code>{a,b}</code> either, {@code [0-3]} one of these characters; a
 * pattern that matches the path of a layer means all below it. Behind {@code regex:} it is a regular expression for the whole
 * name.
 *
 * @param text as it was written
 */
public record NamePattern(String text, Pattern compiled) {
    private static final String REGEX = "regex:";

    /** @throws InputException if it is empty or no sound pattern */
    public static NamePattern of(String text) {
        if (text.isBlank()) {
            throw new InputException("expected a pattern of names, such as layers.0.*, received an empty one");
        }
        try {
            return new NamePattern(
                    text, Pattern.compile(text.startsWith(REGEX) ? text.substring(REGEX.length()) : glob(text)));
        } catch (PatternSyntaxException e) {
            throw new InputException(
                    "expected a regular expression behind " + REGEX + ", received \"" + text + "\": "
                            + e.getDescription() + " at character " + (e.getIndex() + 1),
                    e);
        }
    }

    /** Whether a name is meant. */
    public boolean matches(String name) {
        return CountedText.matches(compiled, name);
    }

    private static String glob(String text) {
        StringBuilder regex = new StringBuilder();
        int open = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '{' -> {
                    open++;
                    regex.append("(?:");
                }
                case '}' -> {
                    open--;
                    regex.append(')');
                }
                case '[' -> {
                    int end = text.indexOf(']', i + 1);
                    if (end < i + 2) {
                        throw new InputException(
                                "expected characters and ] behind [ in a pattern of names, received \"" + text + "\"");
                    }
                    regex.append('[')
                            .append(characters(text.substring(i + 1, end)))
                            .append(']');
                    i = end;
                }
                case ',' -> regex.append(open > 0 ? "|" : ",");
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
            if (open < 0) {
                break;
            }
        }
        if (open != 0) {
            throw new InputException("expected as many { as } in a pattern of names, received \"" + text + "\"");
        }
        return regex.append("(?:\\..*)?").toString();
    }

    /** What stands between [ and ]: characters and ranges, none of them behind a leading !. */
    private static String characters(String inside) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            if (i == 0 && c == '!' && inside.length() > 1) {
                escaped.append('^');
            } else if (c == '-' || Character.isLetterOrDigit(c)) {
                escaped.append(c);
            } else {
                escaped.append('\\').append(c);
            }
        }
        return escaped.toString();
    }
}
