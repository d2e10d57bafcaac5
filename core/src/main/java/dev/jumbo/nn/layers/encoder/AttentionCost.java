package dev.jumbo.nn.layers.encoder;

import dev.jumbo.nn.Masks;
import dev.jumbo.nn.layers.sequence.AttentionWork;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
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
            work.add(AttentionWork.mask(steps, all, layer.causal(), false));
        }
        work.add(AttentionWork.core(layer.heads(), relative, layer.dropout(), steps, all, wide, how)
                .within("core"));
        return work;
    }
}
