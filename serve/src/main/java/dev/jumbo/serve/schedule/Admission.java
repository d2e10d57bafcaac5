package dev.jumbo.serve.schedule;

/** How much a caller may ask. */
public interface Admission {
    /** As much as it likes. */
    Admission FREE = new Admission() {};

    /**
     * Counts a request, before anything is done for it.
     *
     * @throws dev.jumbo.serve.wire.Refusal QUOTA if it is one too many, saying when it is worth asking again
     */
    default void request(Terms terms, String model) {}

    /**
     * Counts the rows of a request once it is decoded.
     *
     * @throws dev.jumbo.serve.wire.Refusal QUOTA if they are too many
     */
    default void rows(Terms terms, long rows) {}
}
