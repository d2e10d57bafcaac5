package dev.jumbo.train.parallel;

import dev.jumbo.tensor.Tensors;

/** Makes the gradients of a step those of all workers. Every worker does the same calls. */
public interface GradientSum extends AutoCloseable {
    /** In the forward pass: follows back-propagation by the output of a layer, whose gradient arrives before the layer computes. */
    default void follow(String path, Tensors inputs, Tensors outputs) {}

    /** This worker begins its forward pass through some rows. */
    default void beginPass() {}

    /** After it. @throws dev.jumbo.error.InputException if it was no pass that others can go along with */
    default void endPass() {}

    /** Before the last backward pass of a step. One that this worker has no rows for may be left out. */
    void begin();

    /** This worker has no rows of a batch: does with the others what they do in their forward pass. */
    default void forwardWithoutRows() {}

    /** As {@link #forwardWithoutRows()}, in their backward pass. */
    default void backwardWithoutRows() {}

    /** After it: waits until the gradients are those of all workers. @throws dev.jumbo.error.FailureException if a worker is lost */
    void finish();

    @Override
    void close();
}
