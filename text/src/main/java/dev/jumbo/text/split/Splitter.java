package dev.jumbo.text.split;

/** Divides a text into pieces, in order, without overlap, and without gap where not said otherwise. Safe for several threads. */
public interface Splitter {
    /** Gives the pieces of the characters from {@code from} (inclusive) to {@code to} (exclusive). */
    void split(char[] text, int from, int to, Pieces pieces);

    /** Takes a piece. */
    @FunctionalInterface
    interface Pieces {
        /** Of the characters from {@code from} (inclusive) to {@code to} (exclusive). */
        void piece(char[] text, int from, int to);
    }
}
