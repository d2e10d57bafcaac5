package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.Weighted;
import java.util.Iterator;
import java.util.List;

/** Passes of a batch through the model, whatever part of the batch or of the model this worker has. All workers call the same. */
interface BatchPass extends AutoCloseable {
    /**
     * What came out of a batch.
     *
     * @param terms what this worker's rows gave, with their parts; empty where it has none
     * @param loss the mean over the whole batch, the same on every worker; 0 where nothing counts
     * @param weight what the whole batch counts beside others, see {@link dev.jumbo.nn.Loss#weight}; the same on every worker
     * @param parts of the losses that this worker has computed, one for each output
     * @param outputs of this worker's rows, of each output that metrics may measure; empty where it has none
     * @param stop what all workers ask for together, see {@link StopRequest}
     * @param largest the most that one example of the batch counts of its weight; NaN where no rule looks at examples
     */
    record Result(
            List<Weighted> terms,
            double loss,
            double weight,
            List<LossPart> parts,
            List<Tensor> outputs,
            double stop,
            double largest) {}

    /**
     * Of the loss of an output.
     *
     * @param sum of losses, each times its weight
     * @param weight the sum of these weights
     */
    record LossPart(double sum, double weight) {}

    /**
     * Forward pass, loss and back-propagation; adds to the gradients. A batch counts by its weight: its gradient is divided by
     * {@code batches} and multiplied by its weight over that of the first batch of the step that counts, so that {@link
     * StepWeights#correction} makes the mean of their sum.
     *
     * @param objective what is made small
     * @param batches of the step
     * @param last whether this is the last of them, after which gradients are those of all workers
     * @param stop what this worker asks for, see {@link StopRequest}
     */
    Result run(Objective objective, Batch batch, int batches, boolean last, double stop);

    /** Adds all examples of batches whose outputs this worker has. */
    void evaluate(Evaluation evaluation, Iterator<Batch> batches);

    @Override
    void close();
}
