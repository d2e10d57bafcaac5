package dev.jumbo.nn.generate;

import dev.jumbo.nn.Cache;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;

/** A session whose network keeps what it computed in a {@link Cache}. */
abstract class CachedSession implements TokenNetwork.Session {
    final Cache cache = new Cache();

    /** Steps of each sequence, {@code [N, to - from]}. */
    static Tensor ids(int[][] tokens, int from, int to) {
        int steps = to - from;
        long[] ids = new long[tokens.length * steps];
        for (int row = 0; row < tokens.length; row++) {
            for (int i = 0; i < steps; i++) {
                ids[row * steps + i] = tokens[row][from + i];
            }
        }
        return Tensor.of(ids, Shape.of(tokens.length, steps));
    }

    /** Those of the last step. @param logits {@code [N, T, vocabulary]} */
    static float[][] last(Tensor logits) {
        return rows(logits.select(1, logits.size(1) - 1));
    }

    /** @param logits {@code [N, vocabulary]} */
    static float[][] rows(Tensor logits) {
        float[] all = logits.contiguous().toFloats();
        int vocabulary = (int) logits.size(1);
        float[][] each = new float[(int) logits.size(0)][];
        Arrays.setAll(each, row -> Arrays.copyOfRange(all, row * vocabulary, (row + 1) * vocabulary));
        return each;
    }

    @Override
    public void select(int[] rows) {
        cache.select(rows);
    }

    @Override
    public long length() {
        return cache.length();
    }

    @Override
    public void close() {
        cache.close();
    }
}
