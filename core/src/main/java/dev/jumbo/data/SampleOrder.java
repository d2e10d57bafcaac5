package dev.jumbo.data;

import dev.jumbo.tensor.RandomState;
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
        SplittableRandom random = seed.derive("order").derive(epoch).generator();
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int other = order[j];
            order[j] = order[i];
            order[i] = other;
        }
        return order;
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
