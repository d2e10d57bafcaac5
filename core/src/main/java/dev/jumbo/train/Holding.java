package dev.jumbo.train;

import dev.jumbo.nn.FlatRange;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.Model;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.Share;
import java.util.List;
import java.util.Set;

/** What this worker holds of the model and of the optimizer's state, prepared for training. All workers call the same. */
interface Holding extends AutoCloseable {
    /** Builds it. @throws dev.jumbo.error.InputException if the model cannot be divided as asked */
    static Holding build(TrainerBuilder.Setup setup, TrainingData data, StartingWeights start) {
        if (setup.isPipeline()) {
            return StageHolding.build(setup, data, start);
        }
        return setup.isFullySharded() ? ShardedHolding.build(setup, data, start) : Replica.build(setup, data, start);
    }

    /** The layers that this worker has built. */
    Model model();

    /** The values that this worker steps. */
    FlatSlice slice();

    /** Before the first backward pass of a step. */
    default void zeroGradients() {
        model().store().zeroGradients();
    }

    /** Which of the whole model's values and buffers {@link #slice} and the buffers of {@link #model} are. */
    Share share();

    /** Whether each worker writes and reads its part of the state. */
    boolean dividesState();

    /** Whether each worker holds some layers only; else values and buffers are the same on all. */
    boolean dividesModel();

    /** A number of this worker's {@link #slice}, such as a squared norm, summed over all parts of the values. */
    double sum(double number);

    /**
     * What all workers have together of a range of the values, which they divide as {@link #slice} does. Every worker calls it.
     *
     * @param range in the values of the whole model
     * @param start where this worker's part of it begins, likewise
     * @param own this worker's part, {@code [count]}, which may be empty
     */
    default Tensor together(FlatRange range, long start, Tensor own) {
        return own;
    }

    /** The whole model as a file has it, one tensor after the other; the first worker gets them, the others help to make them. */
    List<Safetensors.Source> weights();

    /** Overwrites what this worker holds by a file of the whole model. @param kept names of parameters that the file does not have, and that stay */
    void load(SafetensorsFile weights, Set<String> kept);

    /** Passes through what this worker holds. The caller closes it. */
    BatchPass pass();

    @Override
    void close();
}
