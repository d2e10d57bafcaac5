package dev.jumbo.nn;

import dev.jumbo.tensor.Tensor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a forward pass is meant. In training, dropout drops and batch normalisation uses and updates the statistics of
 * the batch; random numbers come from the thread's generator, which the trainer seeds for each step.
 *
 * @param training whether the pass belongs to training
 * @param parts of the batch on other workers, whose statistics count as well; null where each has its own
 * @param outputs is told the output of each layer of a container, as to follow back-propagation by; or null
 */
public record Pass(
        boolean training,
        @Nullable BatchParts parts,
        @Nullable Consumer<Tensor> outputs) {
    private static final Pass TRAINING = new Pass(true);
    private static final Pass INFERENCE = new Pass(false);

    /** A pass over a whole batch. */
    public Pass(boolean training) {
        this(training, null, null);
    }

    public static Pass forTraining() {
        return TRAINING;
    }

    /** Training on a part of a batch, the other parts of which other workers pass at the same time. */
    public static Pass forTraining(@Nullable BatchParts parts, @Nullable Consumer<Tensor> outputs) {
        return new Pass(true, parts, outputs);
    }

    /** Tells the output of a layer to who wants to know. */
    public void tell(Tensor output) {
        if (outputs != null) {
            outputs.accept(output);
        }
    }

    public static Pass inference() {
        return INFERENCE;
    }
}
