package dev.jumbo.nn.layers.sequence;

/** The forms of {@link RopeScaling}, as Hugging Face's {@code rope_type}. */
public enum RopeType {
    /** Every pair is slowed down by the factor (Chen et al., 2023). */
    LINEAR,
    /**
     * A sequence of more than {@code originalMaxPositions} steps, of L, has the base {@code theta (factor L / original - factor +
     * 1)^(d / (d - 2))}; a shorter one that of the first training.
     */
    DYNAMIC,
    /** Pairs with a wavelength above {@code original / low} are slowed down by the factor, below {@code original / high} none, those between are mixed. */
    LLAMA3,
    /** As {@link #LLAMA3} with a ramp between two numbers of turns, and a factor on queries and keys (Peng et al., 2024). */
    YARN,
    /** Each pair has a factor of its own, another one beyond the first context (Ding et al., 2024). */
    LONGROPE
}
