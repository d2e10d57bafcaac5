package dev.jumbo.text.split;

import static dev.jumbo.text.split.LetterKinds.LETTER;
import static dev.jumbo.text.split.LetterKinds.NUMBER;
import static dev.jumbo.text.split.LetterKinds.OTHER;
import static dev.jumbo.text.split.LetterKinds.SPACE;

/**
 * The words of Llama 3, which are GPT-4's, and with {@code mostDigits} 1 those of Qwen 2: {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
 * ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+}.
 *
 * @param mostDigits how many numbers a piece has at most
 * @param blanksAtEnd whether white space at the end of a text is one piece even if lines end in it ({@code \s++$}: tiktoken's cl100k_base)
 */
public record Llama3Words(int mostDigits, boolean blanksAtEnd) implements Splitter {
    @Override
    public void split(char[] text, int from, int to, Pieces pieces) {
        int at = from;
        while (at < to) {
            int end = next(text, at, to);
            pieces.piece(text, at, end);
            at = end;
        }
    }

    private int next(char[] text, int from, int to) {
        char first = text[from];
        if (first == '\'') {
            int end = ending(text, from, to);
            if (end > from) {
                return end;
            }
        }
        byte kind = LetterKinds.kind(text, from, to);
        if (kind == LETTER) {
            return LetterKinds.run(LETTER, text, from, to);
        }
        if (kind == NUMBER) {
            int end = LetterKinds.after(text, from, to);
            for (int n = 1; n < mostDigits && end < to && LetterKinds.kind(text, end, to) == NUMBER; n++) {
                end = LetterKinds.after(text, end, to);
            }
            return end;
        }
        int second = LetterKinds.after(text, from, to);
        if (first != '\r' && first != '\n' && second < to && LetterKinds.kind(text, second, to) == LETTER) {
            return LetterKinds.run(LETTER, text, second, to);
        }
        int marks = first == ' ' && second < to ? second : from;
        if (LetterKinds.kind(text, marks, to) == OTHER) {
            int end = LetterKinds.run(OTHER, text, marks, to);
            while (end < to && isLineEnd(text[end])) {
                end++;
            }
            return end;
        }
        return blanks(text, from, to);
    }

    private int blanks(char[] text, int from, int to) {
        int end = LetterKinds.run(SPACE, text, from, to);
        if (blanksAtEnd && end == to) {
            return end;
        }
        for (int i = end; i > from; i--) {
            if (isLineEnd(text[i - 1])) {
                return i;
            }
        }
        return end == to || end == from + 1 ? end : end - 1;
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }

    private static int ending(char[] text, int from, int to) {
        if (from + 1 >= to) {
            return from;
        }
        char c = lower(text[from + 1]);
        if (c == 's' || c == 't' || c == 'm' || c == 'd') {
            return from + 2;
        }
        if (from + 2 < to) {
            char e = lower(text[from + 2]);
            if ((c == 'r' && e == 'e') || (c == 'v' && e == 'e') || (c == 'l' && e == 'l')) {
                return from + 3;
            }
        }
        return from;
    }

    /** The long s is an s whatever the case. */
    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c == '\u017f' ? 's' : c;
    }
}
