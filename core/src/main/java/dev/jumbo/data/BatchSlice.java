package dev.jumbo.data;

import dev.jumbo.error.InputException;

/**
 * Which part of each batch a worker has: a contiguous one, whose size differs from that of the others by one at most. All
 * parts in order are the batch.
 *
 * @param index 0 to of - 1
 * @param of number of parts, 1 or more
 */
public record BatchSlice(int index, int of) {
    /** All of it. */
    public static final BatchSlice WHOLE = new BatchSlice(0, 1);

    public BatchSlice {
        if (of < 1 || index < 0 || index >= of) {
            throw new InputException("expected a part from 0 to " + (of - 1) + ", received " + index);
        }
    }

    /** The first row of the part of a batch. */
    public int from(int rows) {
        return index * (rows / of) + Math.min(index, rows % of);
    }

    /** The number of rows of the part of a batch; 0 where there are fewer rows than parts. */
    public int rows(int rows) {
        return rows / of + (index < rows % of ? 1 : 0);
    }
}
