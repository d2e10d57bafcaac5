package dev.jumbo.text.split;

/** A text is one piece. */
public record Undivided() implements Splitter {
    @Override
    public void split(char[] text, int from, int to, Pieces pieces) {
        if (from < to) {
            pieces.piece(text, from, to);
        }
    }
}
