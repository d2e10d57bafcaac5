package dev.jumbo.nn;

/**
 * How a forward pass is meant. In training, dropout drops and batch normalisation uses and updates the statistics of
 * the batch; random numbers come from libtorch's generator, which the trainer seeds for each step.
 *
 * @param training whether the pass belongs to training
 */
public record Pass(boolean training) {
    private static final Pass TRAINING = new Pass(true);
    private static final Pass INFERENCE = new Pass(false);

    public static Pass forTraining() {
        return TRAINING;
    }

    public static Pass inference() {
        return INFERENCE;
    }
}
