package dev.jumbo.nn;

import org.jspecify.annotations.Nullable;

/**
 * How a forward pass is meant. In training, dropout drops and batch normalisation uses and updates the statistics of
 * the batch; random numbers come from libtorch's generator, which the trainer seeds for each step.
 *
 * @param training whether the pass belongs to training
 * @param parts of the batch on other workers, whose statistics count as well; null where each has its own
 */
public record Pass(boolean training, @Nullable BatchParts parts) {
    private static final Pass TRAINING = new Pass(true);
    private static final Pass INFERENCE = new Pass(false);

    /** A pass over a whole batch. */
    public Pass(boolean training) {
        this(training, null);
    }

    public static Pass forTraining() {
        return TRAINING;
    }

    /** Training on a part of a batch, the other parts of which other workers pass at the same time. */
    public static Pass forTraining(BatchParts parts) {
        return new Pass(true, parts);
    }

    public static Pass inference() {
        return INFERENCE;
    }
}
