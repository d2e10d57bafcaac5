package dev.jumbo.text.split;

import static dev.jumbo.text.split.LetterKinds.SPACE;

/**
 * GPT-2's words (Radford et al. 2019), {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}: letters, numbers or other marks
 * with the blank before them; English endings; white space up to the blank before a word.
 */
public record Gpt2Words() implements Splitter {
    @Override
    public void split(char[] text, int from, int to, Pieces pieces) {
        int at = from;
        while (at < to) {
            int end = next(text, at, to);
            pieces.piece(text, at, end);
            at = end;
        }
    }

    private static int next(char[] text, int from, int to) {
        char first = text[from];
        if (first == '\'') {
            int end = ending(text, from, to);
            if (end > from) {
                return end;
            }
        }
        int start = first == ' ' && from + 1 < to ? from + 1 : from;
        byte kind = LetterKinds.kind(text, start, to);
        if (kind != SPACE) {
            return LetterKinds.run(kind, text, start, to);
        }
        return blanks(text, from, to);
    }

    private static int ending(char[] text, int from, int to) {
        if (from + 1 >= to) {
            return from;
        }
        char c = text[from + 1];
        if (c == 's' || c == 't' || c == 'm' || c == 'd') {
            return from + 2;
        }
        if (from + 2 < to) {
            char e = text[from + 2];
            if ((c == 'r' && e == 'e') || (c == 'v' && e == 'e') || (c == 'l' && e == 'l')) {
                return from + 3;
            }
        }
        return from;
    }

    /** White space before the end of the text is one piece; before a word its last character is left. */
    private static int blanks(char[] text, int from, int to) {
        int end = LetterKinds.run(SPACE, text, from, to);
        return end == to || end == from + 1 ? end : end - 1;
    }
}
