package dev.jumbo.spark.text.quality;

/** Counts of 64-bit keys that are hashes already: open addressing, at most half full. */
final class LongCounter {
    private final long[] keys;
    private final int[] counts;
    private final int mask;

    LongCounter(int entries) {
        int capacity = Integer.highestOneBit(Math.max(8, entries) * 2 - 1) << 1;
        keys = new long[capacity];
        counts = new int[capacity];
        mask = capacity - 1;
    }

    /** Counts one more. @return how often it has been counted now */
    int add(long key) {
        int slot = (int) key & mask;
        while (counts[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        keys[slot] = key;
        return ++counts[slot];
    }
}
