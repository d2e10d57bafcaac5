package dev.jumbo.data.clean.steps;

/** What is done about a value that should not be there. */
public enum Action {
    /** The row is dropped. */
    DROP,
    /** A number is moved to the nearest allowed one. */
    CLIP,
    /** The value becomes missing. */
    MISSING
}
