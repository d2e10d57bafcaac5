package dev.jumbo.data.split;

import dev.jumbo.error.Shown;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * The examples that are not trained on, by their numbers; all others are.
 *
 * @param validation ascending
 * @param test ascending
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
public record HeldOut(int[] validation, int[] test) {
    /** Puts the numbers in order. */
    static HeldOut of(IntStream validation, IntStream test) {
        return new HeldOut(validation.sorted().toArray(), test.sorted().toArray());
    }

    /** What is left of so many examples. */
    int[] rest(int examples) {
        BitSet held = new BitSet(examples);
        Arrays.stream(validation).forEach(held::set);
        Arrays.stream(test).forEach(held::set);
        return IntStream.range(0, examples).filter(i -> !held.get(i)).toArray();
    }

    @Override
    public String toString() {
        return "HeldOut[validation=" + Shown.of(validation) + ", test=" + Shown.of(test) + "]";
    }
}
