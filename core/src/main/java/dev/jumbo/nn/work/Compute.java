package dev.jumbo.nn.work;

/**
 * What a model computes on, as far as it changes what the engine runs and keeps.
 *
 * @param bf16 whether layers compute in bf16
 * @param gpu whether a GPU computes, where attention needs no scores in memory
 */
public record Compute(boolean bf16, boolean gpu) {
    /** On a processor, in fp32. */
    public static final Compute CPU = new Compute(false, false);
}
