package dev.jumbo.text.split;

import java.text.Normalizer;

/**
 * SentencePiece's words (Kudo and Richardson 2018): U+2581 stands for a blank and before the text, and each begins a piece. As {@code NFKC} and {@code Metaspace}
 * of a {@code tokenizer.json}.
 */
public record MarkedWords() implements Splitter {
    /** What stands for a blank. */
    public static final char BLANK = '\u2581';

    /** The text that is divided. */
    public String normalize(String text) {
        String same = Normalizer.normalize(text, Normalizer.Form.NFKC).replace(' ', BLANK);
        return same.isEmpty() || same.charAt(0) == BLANK ? same : BLANK + same;
    }

    @Override
    public void split(char[] text, int from, int to, Pieces pieces) {
        int start = from;
        for (int at = from + 1; at < to; at++) {
            if (text[at] == BLANK) {
                pieces.piece(text, start, at);
                start = at;
            }
        }
        if (start < to) {
            pieces.piece(text, start, to);
        }
    }
}
