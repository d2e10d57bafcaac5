package dev.jumbo.nn;

/** Keras's and PyTorch's initialisers by name. */
public final class Initializers {
    private Initializers() {}

    public static Initializer zeros() {
        return (p, fans) -> p.zero_();
    }

    public static Initializer ones() {
        return (p, fans) -> p.fill_(1);
    }

    /** Keras's default for kernels: uniform within sqrt(6 / (in + out)) (Glorot, Bengio, 2010, equation 16). */
    public static Initializer glorotUniform() {
        return (p, fans) -> {
            double limit = Math.sqrt(6.0 / (fans.in() + fans.out()));
            p.uniform_(-limit, limit);
        };
    }
}
