package dev.jumbo.nn.generate;

/**
 * A network that gives logits of the next token of sequences: one that goes on from a prompt, or one that reads a source with an encoder and
 * answers with a decoder. One thread at a time.
 */
public interface TokenNetwork extends AutoCloseable {
    /** Logits that it gives for each step. */
    int vocabulary();

    /** The most tokens of {@link #start} and answer together; {@link Integer#MAX_VALUE} where there is no end. */
    int context();

    /**
     * The tokens that the answer goes on from: the prompt, or of an encoder-decoder the one that its decoder starts with.
     *
     * @throws dev.jumbo.error.InputException if the prompt is empty, too long or has an id outside the vocabulary
     */
    int[] start(int[] prompt);

    /** Begins an answer: reads the source of an encoder-decoder; for others this costs nothing. @param prompt as in {@link #start} */
    Session open(int[] prompt);

    @Override
    void close();

    /** Sequences that grow together, of which everything that was computed is kept. At first there is one. */
    interface Session extends AutoCloseable {
        /**
         * The logits behind some tokens.
         *
         * @param tokens for each sequence as many, the next ones
         * @return for each sequence {@code [vocabulary]}, of the token that follows its last one
         */
        float[][] next(int[][] tokens);

        /** Goes on with some sequences. @param rows the one that each goes on from */
        void select(int[] rows);

        /** Tokens of each so far. */
        long length();

        @Override
        void close();
    }
}
