package dev.jumbo.text.bpe;

import java.util.Arrays;

/** Which two ids become one, and in which order: a table with open addressing, 16 bytes a place. */
public final class MergeTable {
    /** What {@link #get} gives for two that stay two. */
    static final long NONE = Long.MAX_VALUE;

    private static final long FREE = -1;

    private long[] keys;
    private long[] values;
    private int size;

    /** Empty, with room for so many merges. */
    public MergeTable(int room) {
        keys = new long[Integer.highestOneBit(Math.max(8, room)) * 4];
        values = new long[keys.length];
        Arrays.fill(keys, FREE);
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int at = (int) ((key * 0x9e3779b97f4a7c15L) >>> 32) & mask;
        while (keys[at] != FREE && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    /** Says that two become one, lower ranks first; what was said of them before is forgotten. */
    public void put(int left, int right, int rank, int joined) {
        long key = (long) left << 32 | right;
        int at = slot(key);
        if (keys[at] == FREE) {
            keys[at] = key;
            size++;
        }
        values[at] = (long) rank << 32 | joined;
        if (size > keys.length / 2) {
            grow();
        }
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        keys = new long[2 * oldKeys.length];
        values = new long[keys.length];
        Arrays.fill(keys, FREE);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != FREE) {
                int at = slot(oldKeys[i]);
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }

    /** The rank in the upper half and the id in the lower; {@link #NONE} where they stay two. */
    long get(int left, int right) {
        int at = slot((long) left << 32 | right);
        return keys[at] == FREE ? NONE : values[at];
    }
}
