package dev.jumbo.data.packing;

import org.jspecify.annotations.Nullable;

/** Documents of ids, one behind the other. Any number of threads may read. */
public interface DocumentTokens {
    /** The target of what is not to be learned. {@code cross_entropy} leaves it out if nothing else is said. */
    long IGNORED = -100;

    /** Ids of all documents together. */
    long tokens();

    /** Number of documents. */
    long documents();

    /**
     * Where a document begins; it ends where the next begins.
     *
     * @param document 0 to {@link #documents}; that number gives the end of the last
     */
    long start(long document);

    /**
     * Copies ids, across the ends of documents.
     *
     * @param from the first one, 0 to {@link #tokens} less the length
     */
    void read(long from, int length, long[] out, int offset);

    /** As {@link #read}, where an id is to be learned by those before it; {@link #IGNORED} in the place of others. By default all are. */
    default void readLearned(long from, int length, long[] out, int offset) {
        read(from, length, out, offset);
    }

    /** Entries of the vocabulary; 0 where that is not known. */
    long vocabulary();

    /** The id that fills up what is too short: that of the end of a document, or null. */
    @Nullable
    Integer endOfDocument();

    /** SHA-256 of what it is made of. */
    String fingerprint();

    /** Which document an id is of: the last one that begins at or before it. */
    default long documentAt(long token) {
        long low = 0;
        long high = documents() - 1;
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            if (start(middle) <= token) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
