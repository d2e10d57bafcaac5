package dev.jumbo.spark.text.dedup;

import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hasher128;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.jumbo.spark.text.NormalWords;

/**
 * A 128-bit hash (XXH3) that stands for a text: the chance that two of n different texts share it is below n^2 / 2^129,
 * which is 1e-15 for a trillion. The same on every machine.
 */
public record Hash128(long high, long low) implements Comparable<Hash128> {
    private static final Hasher128 HASHER = Hashing.xxh3_128();

    /** Of the normalised words: texts that differ in case, punctuation and layout alone are equal. */
    public static Hash128 of(NormalWords words) {
        return ofExactly(words.text());
    }

    /** Of every character. */
    public static Hash128 ofExactly(String text) {
        HashValue128 value = HASHER.hashCharsTo128Bits(text);
        return new Hash128(value.getMostSignificantBits(), value.getLeastSignificantBits());
    }

    @Override
    public int compareTo(Hash128 other) {
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        return String.format("%016x%016x", high, low);
    }
}
