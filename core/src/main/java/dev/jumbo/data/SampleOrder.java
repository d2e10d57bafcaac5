package dev.jumbo.data;

import dev.jumbo.tensor.RandomState;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The order in which an epoch visits its examples: a permutation that the seed and the epoch decide alone, whatever the
 * number of workers or threads. Fisher and Yates, as Durstenfeld wrote it (1964).
 */
public final class SampleOrder {
    private SampleOrder() {}

    /** A seeded permutation of 0 to size - 1. */
    public static int[] shuffled(int size, RandomState seed, int epoch) {
        int[] order = sequential(size);
        shuffle(order, seed.derive("order").derive(epoch).generator());
        return order;
    }

    public static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int other = values[j];
            values[j] = values[i];
            values[i] = other;
        }
    }

    /** The places of values, smallest first; of equal ones the first place first. */
    static int[] sorted(int[] values) {
        long[] keys = new long[values.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (long) values[i] << Integer.SIZE | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    /** 0 to size - 1. */
    public static int[] sequential(int size) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        return order;
    }
}
