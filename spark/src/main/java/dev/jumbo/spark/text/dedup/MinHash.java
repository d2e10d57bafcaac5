package dev.jumbo.spark.text.dedup;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.text.NormalWords;
import java.io.Serializable;

/**
 * MinHash with locality-sensitive bands (Broder 1997; Leskovec, Rajaraman, Ullman, chapter 3): documents whose shingle
 * sets have Jaccard similarity s share at least one band key with the chance {@code P(s) = 1 - (1 - s^rows)^bands}.
 *
 * <p>The defaults are FineWeb's (Penedo et al. 2024): 5-grams of words, 14 bands of 8 hashes, 64 bits each, so that P(0.7)
 * = 0.56, P(0.75) = 0.77, P(0.8) = 0.92, and P(0.3) = 0.0009.
 */
public record MinHash(
        @Doc("Words of a shingle.") @Default("5") int ngram,

        @Doc("Groups of hashes, one of which must agree whole.") @Default("14")
        int bands,

        @Doc("Hashes of a band.") @Default("8") int rows,
        @Doc("Chooses the hash functions.") @Default("1") long seed)
        implements Serializable {
    private static final Hasher64 HASHER = Hashing.komihash5_0();

    public MinHash {
        if (ngram < 1 || bands < 1 || rows < 1 || (long) bands * rows > 65_536) {
            throw new InputException("expected ngram, bands and rows of at least 1, and bands x rows of at most 65536,"
                    + " received " + ngram + ", " + bands + " and " + rows);
        }
    }

    /** FineWeb's: 5-grams, 14 bands of 8. */
    public static MinHash fineWeb() {
        return new MinHash(5, 14, 8, 1);
    }

    /** The chance that documents of similarity s share a band key. @param s from 0 to 1 */
    public double probability(double s) {
        return 1 - Math.pow(1 - Math.pow(s, rows), bands);
    }

    /** The shingles that signatures are made of. */
    public Shingles shingles(NormalWords words) {
        return Shingles.of(words, ngram);
    }

    /** {@code bands x rows} minima of 64 bits, unsigned; all ones for a set without shingles. */
    public long[] signature(Shingles shingles) {
        long[] minima = new long[bands * rows];
        for (int i = 0; i < minima.length; i++) {
            long salt = HASHER.hashLongLongToLong(seed, i);
            long odd = HASHER.hashLongLongToLong(~seed, i) | 1;
            minima[i] = minimum(shingles, salt, odd) ^ Long.MIN_VALUE;
        }
        return minima;
    }

    /**
     * The smallest of one hash function over the set, as a signed number. Shingles are well mixed already: one multiply
     * between two xor-shifts orders them anew.
     */
    private static long minimum(Shingles shingles, long salt, long odd) {
        long smallest = Long.MAX_VALUE;
        for (int k = 0; k < shingles.size(); k++) {
            long x = (shingles.get(k) ^ salt) * odd;
            smallest = Math.min(smallest, x ^ x >>> 32);
        }
        return smallest;
    }

    /** One key of 64 bits for each band; the band's number is part of it. Empty for a set without shingles: such texts match nothing. */
    public long[] bandKeys(Shingles shingles) {
        return shingles.size() == 0 ? new long[0] : bandKeys(signature(shingles));
    }

    /** As {@link #bandKeys(Shingles)}, of a signature. */
    public long[] bandKeys(long[] signature) {
        if (signature.length != bands * rows) {
            throw new InputException(
                    "expected a signature of " + bands * rows + " hashes, received " + signature.length);
        }
        long[] keys = new long[bands];
        for (int band = 0; band < bands; band++) {
            long key = HASHER.hashLongToLong(band);
            for (int row = 0; row < rows; row++) {
                key = HASHER.hashLongLongToLong(key, signature[band * rows + row]);
            }
            keys[band] = key;
        }
        return keys;
    }

    /** The similarity that two signatures tell: the share of equal minima, an unbiased estimate. */
    public static double estimate(long[] signature, long[] other) {
        if (signature.length != other.length || signature.length == 0) {
            throw new InputException("expected two signatures of one length, received " + signature.length + " and "
                    + other.length + " hashes");
        }
        int equal = 0;
        for (int i = 0; i < signature.length; i++) {
            equal += signature[i] == other[i] ? 1 : 0;
        }
        return (double) equal / signature.length;
    }
}
