package dev.jumbo.text.dataset;

import dev.jumbo.text.Encoding;
import java.util.ArrayList;
import java.util.List;

/** Where the words of a text are, and which token each begins with: the one that says what a word is, where a model classifies tokens. */
public final class WordPlaces {
    /**
     * A word.
     *
     * @param start its first {@code char} in the text
     * @param end behind its last
     */
    public record Word(int start, int end) {
        public String of(String text) {
            return text.substring(start, end);
        }
    }

    private WordPlaces() {}

    /** What stands between blanks; what is neither letter nor digit at its ends stands alone, as in {@code Paris .} of {@code Paris.} */
    public static List<Word> of(String text) {
        List<Word> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            int end = at + Character.charCount(c);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                at = end;
                continue;
            }
            while (end < text.length() && !isBlank(text.codePointAt(end))) {
                end += Character.charCount(text.codePointAt(end));
            }
            divide(text, at, end, words);
            at = end;
        }
        return words;
    }

    private static boolean isBlank(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static void divide(String text, int start, int end, List<Word> into) {
        int first = start;
        while (first < end && !isPart(text.codePointAt(first))) {
            int next = first + Character.charCount(text.codePointAt(first));
            into.add(new Word(first, next));
            first = next;
        }
        int last = end;
        while (last > first && !isPart(text.codePointBefore(last))) {
            last -= Character.charCount(text.codePointBefore(last));
        }
        if (last > first) {
            into.add(new Word(first, last));
        }
        for (int at = last; at < end; ) {
            int next = at + Character.charCount(text.codePointAt(at));
            into.add(new Word(at, next));
            at = next;
        }
    }

    private static boolean isPart(int c) {
        int type = Character.getType(c);
        return Character.isLetterOrDigit(c)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }

    /** For each word the index of its first token; -1 where it has none, as behind what was cut off. */
    public static int[] firstTokens(Encoding encoding, List<Word> words) {
        int[] first = new int[words.size()];
        int token = 0;
        for (int w = 0; w < first.length; w++) {
            Word word = words.get(w);
            while (token < encoding.length() && (!isIn(encoding, token) || encoding.ends()[token] <= word.start())) {
                token++;
            }
            first[w] = token < encoding.length() && encoding.starts()[token] < word.end() ? token : -1;
        }
        return first;
    }

    private static boolean isIn(Encoding encoding, int token) {
        return encoding.texts()[token] >= 0 && encoding.ends()[token] > encoding.starts()[token];
    }
}
