package dev.jumbo.spark.corpus.input;

import dev.jumbo.error.InputException;
import java.io.Serializable;

/**
 * A part of a file.
 *
 * @param file number of the file in the corpus
 * @param path absolute; for a database, what names it in messages
 * @param start first byte
 * @param end behind the last byte
 * @param size bytes of the whole file
 * @param modified milliseconds of its last change
 */
public record FileSplit(int file, String path, long start, long end, long size, long modified) implements Serializable {
    /** Bits of a document's id that hold its place in the file. */
    private static final int PLACE_BITS = 40;

    /** The most files of a corpus: 2^23. */
    static final int MAX_FILES = 1 << 63 - PLACE_BITS;

    /** The id of the document at a place of the file. @param place a byte, line or row: ascending, and below 2^40 */
    long id(long place) {
        if (place < 0 || place >= 1L << PLACE_BITS) {
            throw new InputException(
                    path + ": expected places below 2^40 (1 TiB), received " + place + "; divide the file");
        }
        return (long) file << PLACE_BITS | place;
    }

    /** The whole file as one part. */
    boolean isWhole() {
        return start == 0 && end == size;
    }
}
