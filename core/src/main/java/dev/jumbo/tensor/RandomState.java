package dev.jumbo.tensor;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * A seed from which others are derived by name: {@code RandomState.of(42).derive("init").derive("layers.0.weight")}.
 * The same path gives the same numbers on every machine, whatever else was drawn before, in whatever order or thread.
 *
 * @param seed 64 bits
 */
public record RandomState(long seed) {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long FACTOR = 0xD1342543DE82EF95L;

    public static RandomState of(long seed) {
        return new RandomState(mix(seed + GOLDEN));
    }

    /** A state that depends on this one and a name. */
    public RandomState derive(String name) {
        long hash = 0xCBF29CE484222325L; // FNV-1a, 64 bit
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        }
        return derive(hash);
    }

    /** A state that depends on this one and a number, such as an epoch, a step or the index of an example. */
    public RandomState derive(long number) {
        // The factor keeps a path and its reverse apart: an exclusive or of two mixed numbers would be the same for
        // both.
        return new RandomState(mix(seed * FACTOR + mix(number + GOLDEN)));
    }

    /** A generator of Java numbers, for augmentation, shuffling and drawing. */
    public SplittableRandom generator() {
        return new SplittableRandom(seed);
    }

    /**
     * Seeds what dropout, {@link Tensor#randn} and initialisers draw from: a generator of this thread's own, with the numbers of
     * {@code torch.manual_seed}. What other threads draw has no part in it. On CUDA devices all threads share one for each device.
     */
    public void seedTorch() {
        Draws.seed(seed);
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood, 2014). */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
