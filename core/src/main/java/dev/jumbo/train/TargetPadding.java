package dev.jumbo.train;

import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Loss;
import dev.jumbo.tensor.DType;
import java.util.List;

/** What fills up targets that are shorter than the longest of their batch: what the loss leaves out. */
final class TargetPadding {
    private TargetPadding() {}

    /** @throws InputException if a target is ragged and the loss leaves nothing out, or it is not of ids */
    static long of(Loss loss, List<Field> targets) {
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
