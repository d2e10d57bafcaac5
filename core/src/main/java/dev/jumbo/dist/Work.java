package dev.jumbo.dist;

/** A collective under way. */
@FunctionalInterface
public interface Work {
    /** What is done already. */
    Work DONE = () -> {};

    /**
     * Waits until the tensors have their final values.
     *
     * @throws dev.jumbo.error.FailureException if a rank cannot be reached within the time-out, naming it where it is known
     */
    void await();
}
