package dev.jumbo.nn.blocks;

/** Brings a block's parameters to where it computes, and takes their gradients away: for parameters that are not always there. */
public interface Gate {
    /** Whether the block has parameters that training changes. */
    boolean learns();

    /**
     * Makes the parameters be there, until they are left or closed.
     *
     * @param back whether the block before comes next, as in a backward pass
     * @throws dev.jumbo.error.FailureException if another worker is lost
     */
    Entry enter(boolean back);

    /** A stay of the parameters. */
    interface Entry extends AutoCloseable {
        /** Frees the memory of the values; what autograd holds of them stays, without values. */
        void leave();

        /** Before a backward pass of what was recorded: brings the values back to where they were left, if they were. */
        void again();

        /** Before a backward pass: gives the gradients memory, zero. */
        void expectGradients();

        /** After it: takes the gradients away. */
        void takeGradients();

        /** Frees all. */
        @Override
        void close();
    }
}
