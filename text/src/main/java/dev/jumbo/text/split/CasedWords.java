package dev.jumbo.text.split;

import java.nio.CharBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of GPT-4o (tiktoken's o200k_base), which part small letters from capitals behind them, and keep English endings with the word; numbers by three
 * digits.
 */
public record CasedWords() implements Splitter {
    private static final String BIG = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String SMALL = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String BEFORE = "[^\\r\\n\\p{L}\\p{N}]?";
    private static final String ENDING = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";

    /** As other libraries write it. */
    static final String REGEX = BEFORE + BIG + "*" + SMALL + "+" + ENDING + "|" + BEFORE + BIG + "+" + SMALL + "*"
            + ENDING + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    /** As Java does: where blanks are Unicode's, and the long s is an s. */
    private static final Pattern PATTERN = Pattern.compile(REGEX.replace("\\s", "\\p{IsWhite_Space}")
            .replace("\\S", "\\P{IsWhite_Space}")
            .replace("(?i:", "(?iu:"));

    @Override
    public void split(char[] text, int from, int to, Pieces pieces) {
        Matcher matcher = PATTERN.matcher(CharBuffer.wrap(text, from, to - from));
        int at = 0;
        while (matcher.find()) {
            if (at < matcher.start()) { // Nothing is left out: a text comes back as it was.
                pieces.piece(text, from + at, from + matcher.start());
            }
            pieces.piece(text, from + matcher.start(), from + matcher.end());
            at = matcher.end();
        }
        if (from + at < to) {
            pieces.piece(text, from + at, to);
        }
    }
}
