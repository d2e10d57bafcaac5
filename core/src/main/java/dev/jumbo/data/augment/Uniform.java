package dev.jumbo.data.augment;

import java.util.SplittableRandom;

/** Uniform floats without the checks of the general methods, which cost more than the number itself. */
final class Uniform {
    private Uniform() {}

    /** From -1 (inclusive) to 1 (exclusive). */
    static float sign(SplittableRandom random) {
        return (random.nextInt() >> 8) * 0x1p-23f;
    }

    /** From 0 (inclusive) to 1 (exclusive). */
    static float unit(SplittableRandom random) {
        return (random.nextInt() >>> 8) * 0x1p-24f;
    }
}
