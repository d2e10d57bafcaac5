package dev.jumbo.data.split;

import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;

/** One of the folds of a cross-validation: its examples are the test part. */
public record Fold(
        @Doc("Which one, from 1.") int index,
        @Doc("How many there are, 2 or more.") int of) {
    public Fold {
        if (of < 2 || index < 1 || index > of) {
            throw new InputException(
                    "fold: expected an index from 1 to of, which is 2 or more, received index " + index + " of " + of);
        }
    }
}
