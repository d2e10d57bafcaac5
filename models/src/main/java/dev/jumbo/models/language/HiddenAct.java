package dev.jumbo.models.language;

import dev.jumbo.nn.Activation;

/** Functions inside a model by their names in {@code config.json}; several name the same one. */
public enum HiddenAct {
    SILU(Activation.SILU),
    SWISH(Activation.SILU),
    GELU(Activation.GELU),
    GELU_NEW(Activation.GELU_TANH),
    GELU_FAST(Activation.GELU_TANH),
    GELU_PYTORCH_TANH(Activation.GELU_TANH),
    RELU(Activation.RELU),
    TANH(Activation.TANH);

    private final Activation activation;

    HiddenAct(Activation activation) {
        this.activation = activation;
    }

    public Activation activation() {
        return activation;
    }

    /** The first name of a function. @throws IllegalArgumentException if it has none */
    public static HiddenAct of(Activation activation) {
        for (HiddenAct each : values()) {
            if (each.activation == activation) {
                return each;
            }
        }
        throw new IllegalArgumentException("no name of " + activation);
    }

    /** Whether a function has a name. */
    public static boolean knows(Activation activation) {
        for (HiddenAct each : values()) {
            if (each.activation == activation) {
                return true;
            }
        }
        return false;
    }
}
