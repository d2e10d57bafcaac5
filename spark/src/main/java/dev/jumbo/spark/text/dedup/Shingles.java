package dev.jumbo.spark.text.dedup;

import dev.jumbo.spark.text.NormalWords;
import java.util.Arrays;

/**
 * The set of a text's word n-grams, as sorted hashes of 64 bits without repeats. A text with fewer than n words has one
 * shingle, all of it; a text without words has none.
 */
public final class Shingles {
    private final long[] sorted;

    private Shingles(long[] sorted) {
        this.sorted = sorted;
    }

    /** The shingles of n words each. */
    public static Shingles of(NormalWords words, int n) {
        return of(words.ngrams(n));
    }

    /** Of hashes in any order, with repeats. The array is not kept. */
    public static Shingles of(long[] hashes) {
        long[] sorted = hashes.clone();
        Arrays.sort(sorted);
        int size = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                sorted[size++] = sorted[i];
            }
        }
        return new Shingles(Arrays.copyOf(sorted, size));
    }

    public int size() {
        return sorted.length;
    }

    /** The hashes in ascending order; a copy. */
    public long[] toArray() {
        return sorted.clone();
    }

    long get(int index) {
        return sorted[index];
    }

    /** Jaccard similarity: shingles in both over shingles in either; 1 for two empty sets. */
    public double jaccard(Shingles other) {
        int both = intersection(other);
        int either = size() + other.size() - both;
        return either == 0 ? 1 : (double) both / either;
    }

    /** Number of shingles in both. */
    public int intersection(Shingles other) {
        int both = 0;
        for (int i = 0, j = 0; i < sorted.length && j < other.sorted.length; ) {
            long mine = sorted[i];
            long theirs = other.sorted[j];
            if (mine == theirs) {
                both++;
            }
            i += mine <= theirs ? 1 : 0;
            j += theirs <= mine ? 1 : 0;
        }
        return both;
    }
}
