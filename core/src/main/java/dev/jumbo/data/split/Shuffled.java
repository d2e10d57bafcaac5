package dev.jumbo.data.split;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Numbers of examples in a random order. */
final class Shuffled {
    private Shuffled() {}

    /** 0 to n - 1. */
    static int[] range(int n, SplittableRandom random) {
        int[] order = IntStream.range(0, n).toArray();
        shuffle(order, random);
        return order;
    }

    /** Fisher and Yates. */
    static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = values[i];
            values[i] = values[j];
            values[j] = swap;
        }
    }

    /** Deals the order to k folds like cards, so that runs of one class are spread evenly; each fold ascends. */
    static List<int[]> deal(int[] order, int k) {
        return IntStream.range(0, k)
                .mapToObj(fold -> IntStream.range(0, order.length)
                        .filter(i -> i % k == fold)
                        .map(i -> order[i])
                        .sorted()
                        .toArray())
                .toList();
    }
}
