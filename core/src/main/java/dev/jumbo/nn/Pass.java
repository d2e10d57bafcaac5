package dev.jumbo.nn;

import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * How a forward pass is meant. In training, dropout drops and batch normalisation uses and updates the statistics of
 * the batch; random numbers come from the thread's generator, which the trainer seeds for each step.
 *
 * @param training whether the pass belongs to training
 * @param parts of the batch on other workers, whose statistics count as well; null where each has its own
 * @param listener hears what goes into and comes out of each layer of a container; or null
 * @param cache what layers know of earlier steps of the same sequences, in generation; or null
 * @param examples follows operations with parameters where the gradients of each example are wanted; or null
 * @param tape records the first layers in the place of autograd, of a caller that runs its backward pass; or null
 * @param adapted whether adapters add what they have learned; without them a model computes as its base
 * @param lastStep whether a row of layers may give the last step alone, see {@link #lastStepAlone}
 */
public record Pass(
        boolean training,
        @Nullable BatchParts parts,
        @Nullable Listener listener,
        @Nullable Cache cache,
        PerExample.@Nullable Follower examples,
        @Nullable Tape tape,
        boolean adapted,
        boolean lastStep) {
    private static final Pass TRAINING = new Pass(true);
    private static final Pass INFERENCE = new Pass(false);

    /**
     * Hears a pass. It may hook the tensors, and must not change them. Of a model in blocks ({@link Division}), what is inside a
     * block is freed behind it, and where its forward pass runs twice, it is heard the second time, in the backward pass.
     */
    @FunctionalInterface
    public interface Listener {
        /**
         * A layer is done.
         *
         * @param path of the layer, {@code layers.0}: the path of its parameters
         * @param inputs what it was given
         * @param outputs what it made
         */
        void heard(String path, Tensors inputs, Tensors outputs);
    }

    /** A pass over a whole batch. */
    public Pass(boolean training) {
        this(training, null, null, null, null, null, true, false);
    }

    public static Pass forTraining() {
        return TRAINING;
    }

    /** Training on a part of a batch, the other parts of which other workers pass at the same time. */
    public static Pass forTraining(@Nullable BatchParts parts, @Nullable Listener listener) {
        return new Pass(true, parts, listener, null, null, null, true, false);
    }

    public static Pass inference() {
        return INFERENCE;
    }

    /** The same pass, heard. */
    public Pass heardBy(Listener other) {
        return new Pass(training, parts, other, cache, examples, tape, adapted, lastStep);
    }

    /** The same pass, going on behind the steps that a cache holds. */
    public Pass with(Cache other) {
        return new Pass(training, parts, listener, other, examples, tape, adapted, lastStep);
    }

    /** The same pass over whole sequences. */
    public Pass withoutCache() {
        return new Pass(training, parts, listener, null, examples, tape, adapted, lastStep);
    }

    /** The same pass, of which the gradients of each example are wanted. */
    public Pass followedBy(PerExample.Follower other) {
        return new Pass(training, parts, listener, cache, other, tape, adapted, lastStep);
    }

    /** The same pass, of which a tape records what it can. A pass that is heard or followed is left to autograd. */
    public Pass recordedBy(Tape other) {
        return new Pass(training, parts, listener, cache, examples, other, adapted, lastStep);
    }

    /** The same pass through the base alone: adapters ({@link dev.jumbo.nn.layers.basic.LowRank}) add nothing. */
    public Pass withoutAdapters() {
        return new Pass(training, parts, listener, cache, examples, tape, false, lastStep);
    }

    /**
     * The same pass, of which the last step of {@code [N, T, ...]} alone is wanted: a model that is a {@link
     * dev.jumbo.nn.layers.Sequential} computes its last layer for that step where it computes each by itself ({@link
     * Layer#eachStepAlone}). Others give all steps.
     */
    public Pass lastStepAlone() {
        return new Pass(training, parts, listener, cache, examples, tape, adapted, true);
    }

    /** The same pass, of which all steps are wanted. */
    public Pass allSteps() {
        return lastStep ? new Pass(training, parts, listener, cache, examples, tape, adapted, false) : this;
    }

    /** Whether the gradients of each example are wanted, which a layer that mixes examples refuses. */
    public boolean keepsExamplesApart() {
        return examples != null;
    }

    /**
     * Says how the gradients of each example by an operation's parameters follow from the gradient of its output.
     *
     * @param output what the operation has just made, before anything else is done with it
     * @return the output to go on with
     */
    public Tensor perExample(Tensor output, PerExample how) {
        return examples == null ? output : examples.follow(output, how);
    }

    /** The same pass inside a block of a divided model, whose scope ends before the backward pass: autograd records it alone. */
    public Pass inBlock() {
        return new Pass(training, parts, listener, cache, examples, null, adapted, lastStep);
    }

    /** The same pass, of which nobody is told. */
    public Pass unheard() {
        return new Pass(training, parts, null, cache, null, null, adapted, lastStep);
    }

    /** Whether a tape may record: nobody else listens. */
    public boolean isRecorded() {
        return tape != null && listener == null && examples == null;
    }

    /** Tells what a layer did to who wants to know. */
    void tell(String path, Tensors inputs, Tensors outputs) {
        if (listener != null) {
            listener.heard(path, inputs, outputs);
        }
    }
}
