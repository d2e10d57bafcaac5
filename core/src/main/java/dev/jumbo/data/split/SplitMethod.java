package dev.jumbo.data.split;

import dev.jumbo.data.Dataset;
import dev.jumbo.tensor.RandomState;

/** How a share for validation is chosen, by name. */
public enum SplitMethod {
    /** The last part of the dataset in its own order, as Keras's {@code validation_split}. */
    LAST,
    /** Any examples. */
    RANDOM,
    /** Any examples, each class with its share. */
    STRATIFIED;

    /** @param share of the examples for validation, between 0 and 1 */
    public Split split(Dataset dataset, double share, RandomState random) {
        return switch (this) {
            case LAST -> Splits.last(dataset, share);
            case RANDOM -> Splits.random(dataset, share, random);
            case STRATIFIED -> Splits.stratified(dataset, share, random);
        };
    }
}
