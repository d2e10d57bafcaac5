package dev.jumbo.nn.layers.basic;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Tensor;

/**
 * The ids that a table of vectors is asked for: a native look-up would read past its memory.
 *
 * @param count ids that there are
 * @param name of the layer, for messages
 */
record EmbeddingIds(int count, String name) {
    /** Whole numbers, INT64. @throws InputException if one is none of the ids */
    Tensor of(Tensor x) {
        Tensor ids = x.dtype() == DType.INT64 ? x : whole(x);
        if (ids.elements() == 0) {
            return ids;
        }
        long least = (long) ids.min().item();
        long most = (long) ids.max().item();
        if (least < 0 || most >= count) {
            throw refusing(Long.toString(least < 0 ? least : most));
        }
        return ids;
    }

    /** Numbers as ids: whole ones that their type holds exactly. */
    private Tensor whole(Tensor x) {
        if (x.dtype() == DType.BFLOAT16) {
            throw new InputException(name + ": expected ids (INT64), received numbers that precision: bf16 has"
                    + " rounded; make the input one of ids (Field.ids)");
        }
        for (double value : x.toDoubles()) {
            if (value != Math.rint(value) || value < 0 || value >= count) {
                throw refusing(value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value));
            }
        }
        return x.to(DType.INT64);
    }

    private InputException refusing(String received) {
        return new InputException(name + ": expected ids from 0 to " + (count - 1) + ", received " + received);
    }
}
