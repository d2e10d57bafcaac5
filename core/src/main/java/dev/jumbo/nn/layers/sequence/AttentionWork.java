package dev.jumbo.nn.layers.sequence;

import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.nn.work.Operation.Size;

/** What attention between projections runs and keeps. */
public final class AttentionWork {
    private AttentionWork() {}

    /** What a mask of padding adds to the scores of one example. @param all keys of as many steps */
    public static Operation mask(long steps, long all, boolean causal) {
        // Which keys are hidden, that as a sum, and with it what is later.
        long values = causal ? 2 * steps * all : 2 * all;
        return Operation.pass("mask", "add", values, values, new Kept(0, Float.BYTES * (2 * all + values), 0, 0))
                .withFlops(values);
    }

    /**
     * {@code softmax(q k^T) v}. The flash kernel (Dao et al., 2022) keeps its result and a number for each row; dropout, and bf16
     * on a CPU, take the form that is written out, with T by T scores for each head.
     *
     * @param steps T
     * @param d width of q, k and v of all heads together
     */
    public static Operation core(long heads, double dropout, long steps, long d, Compute how) {
        long scores = heads * steps * steps;
        long values = steps * d;
        boolean writtenOut = dropout > 0 || (how.bf16() && !how.gpu());
        long dropped = dropout > 0 ? 2 * scores : 0;
        Kept kept = writtenOut
                // Copies of q, k and v, the scores, the softmax, the product and its copy in the order of rows.
                ? Kept.values(5 * values + 2 * scores).andSaved(dropped, 0)
                : Kept.values(values).andSaved(0, heads * steps * Float.BYTES);
        Size size = new Size(heads * steps, d / heads, steps);
        return new Operation("", "attention", size, 4.0 * steps * steps * d, 0, 0, 3 * values, values, kept);
    }
}
