package dev.jumbo.spark.text.quality;

import dev.jumbo.spark.text.Outcome;
import java.util.Locale;

/** What the rules have in common: outcomes with figures, and ends of lines. */
final class Rules {
    private static final String CLOSING = "\"'\u201d\u2019\u00bb";

    private Rules() {}

    /** @param what the figure is, such as "words a line" */
    static Outcome drop(String reason, String what, double found, String expected) {
        return Outcome.drop(reason, String.format(Locale.ROOT, "%s: %.4g, expected %s", what, found, expected));
    }

    static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    /** Whether a line ends in {@code . ! ?}, their East Asian forms, an ellipsis, or a closing quote. */
    static boolean endsInPunctuation(String text, int start, int end) {
        if (end == start) {
            return false;
        }
        char last = text.charAt(end - 1);
        return isTerminal(last) || CLOSING.indexOf(last) >= 0;
    }

    static boolean isTerminal(char c) {
        return switch (c) {
            case '.', '!', '?', '\u2026', '\u3002', '\uff01', '\uff1f' -> true;
            default -> false;
        };
    }

    static boolean isClosing(char c) {
        return CLOSING.indexOf(c) >= 0 || c == ')' || c == ']';
    }

    static boolean endsInEllipsis(String text, int start, int end) {
        return end > start && text.charAt(end - 1) == '\u2026' || end - start >= 3 && text.startsWith("...", end - 3);
    }
}
