package dev.jumbo.spark.text.quality;

import dev.jumbo.spark.text.Words;

/**
 * Counts sentences by a rule that needs no model of the language.
 *
 * <p>A sentence ends where {@code . ! ?}, an ellipsis or an East Asian full stop is followed, after closing quotes and
 * brackets, by white space or by the end of the line. It does not end before a small letter, nor after an initial (one
 * capital letter and a dot), nor after one of {@code Mr Mrs Ms Dr Prof St vs etc No}. East Asian stops need no white space.
 * What stands after the last end is a sentence too, if it holds a letter or a digit.
 */
final class Sentences {
    private Sentences() {}

    /** Sentences between two positions of a text, which are on one line. */
    static int count(String text, int from, int to) {
        int sentences = 0;
        boolean content = false;
        for (int at = from; at < to; at++) {
            char c = text.charAt(at);
            if (Character.isLetterOrDigit(c)) {
                content = true;
            } else if (content && Rules.isTerminal(c) && ends(text, from, at, to)) {
                sentences++;
                content = false;
            }
        }
        return content ? sentences + 1 : sentences;
    }

    private static boolean ends(String text, int from, int at, int to) {
        char stop = text.charAt(at);
        if (stop >= '\u3000') {
            return true;
        }
        int next = at + 1;
        while (next < to && (Rules.isTerminal(text.charAt(next)) || Rules.isClosing(text.charAt(next)))) {
            next++;
        }
        if (next == to) {
            return true;
        }
        if (!Words.isBlank(text.charAt(next))) {
            return false;
        }
        while (next < to && Words.isBlank(text.charAt(next))) {
            next++;
        }
        if (next < to && Character.isLowerCase(text.charAt(next))) {
            return false;
        }
        return stop != '.' || !isAbbreviation(text, from, at);
    }

    /** Whether the letters before a dot are an initial or one of the list. */
    private static boolean isAbbreviation(String text, int from, int dot) {
        int start = dot;
        while (start > from && Character.isLetter(text.charAt(start - 1))) {
            start--;
        }
        if (dot - start == 1) {
            return Character.isUpperCase(text.charAt(start)) && text.charAt(start) != 'I';
        }
        return switch (text.substring(start, dot)) {
            case "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "vs", "etc", "No" -> true;
            default -> false;
        };
    }
}
