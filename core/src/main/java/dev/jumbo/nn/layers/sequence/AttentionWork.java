package dev.jumbo.nn.layers.sequence;

import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.nn.work.Operation.Size;

/** What attention between projections runs and keeps. */
public final class AttentionWork {
    private AttentionWork() {}

    /**
     * What a mask adds to the scores of one example.
     *
     * @param all keys of as many steps
     * @param rows whether each query has a row of its own in it, as where a row has several documents
     */
    public static Operation mask(long steps, long all, boolean causal, boolean rows) {
        long values = causal || rows ? steps * all : all;
        // What is added, and of rows also which keys are seen.
        long bytes = Float.BYTES * values + (rows ? values : 0);
        return Operation.pass("mask", "add", 2 * values, 2 * values, new Kept(0, bytes, 0, 0))
                .withFlops(2 * values);
    }

    /** As {@link #core(long, boolean, double, long, long, long, Compute)}, of a sequence with itself. @param d width of q, k and v of all heads together */
    public static Operation core(long heads, double dropout, long steps, long d, Compute how) {
        return core(heads, false, dropout, steps, steps, d, how);
    }

    /**
     * {@code softmax(q k^T + b) v}. The flash kernel (Dao et al., 2022) keeps its result and a number for each row; dropout, a b that is
     * trained, and bf16 on a CPU take the form that is written out, with T by S scores for each head.
     *
     * @param biased whether there is a b that is trained
     * @param steps T
     * @param all S, keys
     * @param wide width of q, k and v of all heads together
     */
    public static Operation core(
            long heads, boolean biased, double dropout, long steps, long all, long wide, Compute how) {
        long scores = heads * steps * all;
        long q = steps * wide;
        long k = all * wide;
        boolean writtenOut = dropout > 0 || biased || (how.bf16() && !how.gpu());
        Kept kept = writtenOut
                // Copies of q, k and v, the scores, the softmax, the product and its copy in the order of rows.
                ? Kept.values(3 * q + 2 * k + 2 * scores).andSaved(dropout > 0 ? 2 * scores : 0, 0)
                : Kept.values(q).andSaved(0, heads * steps * Float.BYTES);
        Size size = new Size(heads * steps, wide / heads, all);
        return new Operation("", "attention", size, 4.0 * steps * all * wide, 0, 0, q + 2 * k, q, kept);
    }
}
