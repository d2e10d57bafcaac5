package dev.jumbo.data;

import dev.jumbo.tensor.RandomState;
import org.jspecify.annotations.Nullable;

/** In what order the epochs of a dataset run through its examples. The seed and the epoch decide it, not workers or threads. */
public interface Sampler {
    /** Examples of an epoch. */
    int size();

    /** The examples of an epoch in order. @param seed null where nothing is to be shuffled */
    int[] order(@Nullable RandomState seed, int epoch);

    /** The same for some of the examples. @param indices of them; an order then has positions in this array */
    Sampler among(int[] indices);

    /** Whether each epoch has each example once. */
    default boolean isPermutation() {
        return false;
    }

    /** Each example once, in a seeded order. */
    static Sampler once(int size) {
        return new Sampler() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public int[] order(@Nullable RandomState seed, int epoch) {
                return seed == null ? SampleOrder.sequential(size) : SampleOrder.shuffled(size, seed, epoch);
            }

            @Override
            public Sampler among(int[] indices) {
                return once(indices.length);
            }

            @Override
            public boolean isPermutation() {
                return true;
            }
        };
    }
}
