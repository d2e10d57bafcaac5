package dev.jumbo.nn.layers.encoder;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A number that each head adds to the score of two steps by how far they are apart (Raffel et al., 2020, section 2.1). Half of the
 * buckets, for each direction if both are seen, are distances of their own from 0 on; the others hold distances up to {@code
 * maxDistance} in steps that grow as their logarithm, and the last one all beyond. Parameter {@code relative_attention_bias.weight
 * [buckets, heads]}.
 *
 * @param buckets 2 or more, 4 or more and even where both directions are seen
 * @param maxDistance from where on all distances are alike; more than half of the buckets of a direction
 * @param of the path of an earlier attention's {@code relative_attention_bias.weight}, which is shared; null for a table of its own
 */
public record RelativePositions(
        @Doc("Buckets of distances.") @Default("32") int buckets,

        @Doc("Distance from which on all are alike.") @Default("128")
        int maxDistance,

        @Doc("Path of the table of an earlier attention, which is shared; null for its own.") @Default("null") @Nullable
        String of) {
    /** The part that has the table. */
    public static final String TABLE = "relative_attention_bias";

    public RelativePositions {
        if (buckets < 2 || maxDistance <= buckets / 2) {
            throw new InputException(
                    "attention.relative_positions: expected 2 or more buckets and a max_distance above half of"
                            + " them, received " + buckets + " and " + maxDistance);
        }
    }

    /** Refuses what two directions cannot share. */
    void check(boolean causal) {
        if (!causal && (buckets < 4 || buckets % 2 != 0)) {
            throw new InputException(
                    "attention.relative_positions: expected an even number of 4 or more buckets where both"
                            + " directions are seen, received " + buckets);
        }
    }

    /** The table, its own or the shared one. @param width D, of the first values' scale */
    Parameter table(Parameters into, int heads, long width) {
        Shape shape = Shape.of(buckets, heads);
        Parameters inside = into.child(TABLE);
        return of == null
                ? inside.weight("weight", shape, Initializers.randomNormal(1 / Math.sqrt(width)))
                        .asTable()
                : inside.tied("weight", of, shape);
    }

    /**
     * The bucket of each pair of a query and a key, {@code [T, S]}, INT64.
     *
     * @param first position of the first query, as keys count from 0
     */
    Tensor ids(long first, long steps, long all, boolean causal) {
        // Distances of all pairs, from that of the last query and key 0 to that of the first query and the last key.
        long least = -(first + steps - 1);
        long[] found = buckets((int) (steps + all - 1), least, causal);
        long[] each = new long[(int) (steps * all)];
        for (int t = 0; t < steps; t++) {
            for (int s = 0; s < all; s++) {
                each[(int) (t * all + s)] = found[(int) (s - (first + t) - least)];
            }
        }
        return Tensor.of(each, Shape.of(steps, all));
    }

    /**
     * Buckets of distances, key less query: of {@code from}, {@code from + 1} and so on. Computed in fp32, as the public models were trained with its rounding.
     *
     * @param causal whether all later steps are as distance 0
     */
    public long[] buckets(int count, long from, boolean causal) {
        int each = causal ? buckets : buckets / 2;
        int exact = each / 2;
        float[] far = new float[count];
        for (int i = 0; i < count; i++) {
            far[i] = Math.max(1, away(from + i, causal));
        }
        long[] large = logarithmic(far, exact, each);
        long[] found = new long[count];
        for (int i = 0; i < count; i++) {
            long away = away(from + i, causal);
            long bucket = away < exact ? away : Math.min(exact + large[i], each - 1);
            found[i] = bucket + (!causal && from + i > 0 ? each : 0);
        }
        return found;
    }

    private long[] logarithmic(float[] far, int exact, int each) {
        try (Scope scope = Scope.open()) {
            return Tensor.of(far, Shape.of(far.length))
                    .div(exact)
                    .log()
                    .div(Math.log((double) maxDistance / exact))
                    .mul(each - exact)
                    .to(DType.INT64)
                    .toLongs();
        }
    }

    private static long away(long distance, boolean causal) {
        return causal ? Math.max(0, -distance) : Math.abs(distance);
    }
}
