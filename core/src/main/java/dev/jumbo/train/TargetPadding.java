package dev.jumbo.train;

import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Loss;
import dev.jumbo.tensor.DType;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.Supervised;
import java.util.List;

/** What fills up targets that are shorter than the longest of their batch: what the loss leaves out. */
final class TargetPadding {
    private TargetPadding() {}

    /**
     * @param goal what is made small: one of its own says itself what of its targets counts
     * @throws InputException if a target is ragged and the loss leaves nothing out, or it is not of ids
     */
    static long of(Objective goal, Loss loss, List<Field> targets) {
        if (!(goal instanceof Supervised)) {
            return Loader.IGNORED;
        }
        for (Field target : targets) {
            if (target.isRagged()
                    && (target.dtype() != DType.INT64 || loss.padding().isEmpty())) {
                throw new InputException("expected a loss that leaves padding out of the ragged target " + target
                        + ", received " + loss + "; write loss: cross_entropy (or ctc) for ids, or give numbers"
                        + " targets of one length");
            }
        }
        return loss.padding().orElse(Loader.IGNORED);
    }
}
