package dev.jumbo.text.train;

import java.util.Arrays;

/** How often each pair of symbols occurs: a table with open addressing, 16 bytes a place. */
final class PairCounts {
    private static final long FREE = -1;

    private long[] keys = new long[1 << 14];
    private long[] counts = new long[1 << 14];
    private int size;

    PairCounts() {
        Arrays.fill(keys, FREE);
    }

    static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    private int slot(long pair) {
        int mask = keys.length - 1;
        long mixed = pair * 0x9e3779b97f4a7c15L;
        int at = (int) (mixed >>> 32) & mask;
        while (keys[at] != FREE && keys[at] != pair) {
            at = (at + 1) & mask;
        }
        return at;
    }

    void add(long pair, long count) {
        int at = slot(pair);
        if (keys[at] == FREE) {
            keys[at] = pair;
            size++;
            counts[at] = count;
            if (size > keys.length / 2) {
                grow();
            }
        } else {
            counts[at] += count;
        }
    }

    long get(long pair) {
        int at = slot(pair);
        return keys[at] == FREE ? 0 : counts[at];
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldCounts = counts;
        keys = new long[2 * oldKeys.length];
        counts = new long[keys.length];
        Arrays.fill(keys, FREE);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != FREE) {
                int at = slot(oldKeys[i]);
                keys[at] = oldKeys[i];
                counts[at] = oldCounts[i];
            }
        }
    }
}
