package dev.jumbo.text.split;

import static dev.jumbo.text.split.LetterKinds.NUMBER;

/** Each digit, and each other number, alone; what is between them by other rules (SmolLM). */
public record SingleDigits(Splitter others) implements Splitter {
    @Override
    public void split(char[] text, int from, int to, Pieces pieces) {
        int at = from;
        int start = from;
        while (at < to) {
            int end = LetterKinds.after(text, at, to);
            if (LetterKinds.kind(text, at, to) == NUMBER) {
                if (start < at) {
                    others.split(text, start, at, pieces);
                }
                pieces.piece(text, at, end);
                start = end;
            }
            at = end;
        }
        if (start < to) {
            others.split(text, start, to, pieces);
        }
    }
}
