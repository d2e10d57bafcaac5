package dev.jumbo.nn.generate;

/** Why an answer ended. */
public enum Finish {
    /** A token that ends it, or a text of {@code stop}. */
    STOP,
    /** It has {@code max_new_tokens}. */
    LENGTH,
    /** The context is full. */
    CONTEXT,
    /** Whoever asked wanted no more. */
    CANCELLED
}
