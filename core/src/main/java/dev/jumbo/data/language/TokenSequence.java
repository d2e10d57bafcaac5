package dev.jumbo.data.language;

/** A long sequence of ids, of which windows are read. Any number of threads may read. */
public interface TokenSequence {
    /** How many ids it has. */
    long tokens();

    /**
     * Copies ids.
     *
     * @param from the first one, 0 to {@link #tokens} less the length
     */
    void read(long from, int length, long[] out, int offset);

    /** SHA-256 of what it is made of. */
    String fingerprint();
}
