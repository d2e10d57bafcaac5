package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Loader;
import dev.jumbo.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Passes of a batch through the model, whatever part of the batch or of the model this worker has. All workers call the same. */
interface BatchPass extends AutoCloseable {
    /**
     * What came out of a batch.
     *
     * @param loss the mean over the whole batch, the same on every worker
     * @param part of it that this worker has computed
     * @param outputs of this worker's rows, of the first output; null where it has none
     * @param stop whether any worker wants to stop
     */
    record Result(double loss, double part, @Nullable Tensor outputs, boolean stop) {}

    /**
     * Forward pass, loss and back-propagation; adds to the gradients.
     *
     * @param batches whose mean the step takes
     * @param last whether this is the last of them, after which gradients are those of all workers
     * @param stop whether this worker wants to stop
     */
    Result run(Batch batch, int batches, boolean last, boolean stop);

    /** Adds all examples of a loader whose outputs this worker has. */
    void evaluate(Evaluation evaluation, Loader loader);

    @Override
    void close();
}
