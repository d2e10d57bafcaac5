package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.tensor.Tensor;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Passes of a batch through the model, whatever part of the batch or of the model this worker has. All workers call the same. */
interface BatchPass extends AutoCloseable {
    /**
     * What came out of a batch.
     *
     * @param loss the mean over the whole batch, the same on every worker
     * @param part of it that this worker has computed
     * @param outputs of this worker's rows, of the first output; null where it has none
     * @param stop what all workers ask for together, see {@link StopRequest}
     */
    record Result(double loss, double part, @Nullable Tensor outputs, double stop) {}

    /**
     * Forward pass, loss and back-propagation; adds to the gradients.
     *
     * @param batches whose mean the step takes
     * @param last whether this is the last of them, after which gradients are those of all workers
     * @param stop what this worker asks for, see {@link StopRequest}
     */
    Result run(Batch batch, int batches, boolean last, double stop);

    /** Adds all examples of batches whose outputs this worker has. */
    void evaluate(Evaluation evaluation, Iterator<Batch> batches);

    @Override
    void close();
}
