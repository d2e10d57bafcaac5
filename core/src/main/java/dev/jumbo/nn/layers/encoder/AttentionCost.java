package dev.jumbo.nn.layers.encoder;

import dev.jumbo.nn.Masks;
import dev.jumbo.nn.layers.sequence.AttentionWork;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.nn.work.Operation.Size;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.List;

/** What attention between its projections runs and keeps. */
final class AttentionCost {
    private AttentionCost() {}

    /** @param wide width of all heads together */
    static List<Operation> of(Attention layer, Specs in, long steps, long all, long wide, Compute how) {
        List<Operation> work = new ArrayList<>();
        boolean relative = layer.relativePositions() != null;
        long scores = layer.heads() * steps * all;
        if (relative) {
            // The numbers of all pairs, once in the order of the table and once with the mask.
            work.add(Operation.pass("relative_attention_bias", "embedding", scores, scores, Kept.values(2 * scores)));
        }
        if (in.has(layer.across() ? Masks.MEMORY_MASK : Masks.MASK)) {
            work.add(AttentionWork.mask(steps, all, layer.causal()));
        }
        boolean writtenOut = layer.dropout() > 0 || relative || (how.bf16() && !how.gpu());
        long q = steps * wide;
        long k = all * wide;
        Kept kept = writtenOut
                ? Kept.values(3 * q + 2 * k + 2 * scores).andSaved(layer.dropout() > 0 ? 2 * scores : 0, 0)
                : Kept.values(q).andSaved(0, layer.heads() * steps * Float.BYTES);
        Size size = new Size(layer.heads() * steps, wide / layer.heads(), all);
        double flops = 4.0 * steps * all * wide;
        work.add(new Operation("core", "attention", size, flops, 0, 0, q + 2 * k, q, kept));
        return work;
    }
}
