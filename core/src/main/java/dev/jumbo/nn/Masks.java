package dev.jumbo.nn;

/** The name under which padding is said. */
public final class Masks {
    /** The side input that says which steps of padded sequences are real: {@code [N, T]}, BOOL. */
    public static final String MASK = "mask";

    private Masks() {}
}
