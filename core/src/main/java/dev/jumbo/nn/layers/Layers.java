package dev.jumbo.nn.layers;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import java.util.List;

/** Static factories for the common forms of every layer, and the list of layers that files may name. */
public final class Layers {
    private Layers() {}

    /** Every layer that {@code model.json} and a configuration may name; nothing else is ever loaded from a file. */
    public static List<Class<? extends Layer>> kinds() {
        return List.of(Sequential.class, Dense.class, Conv2d.class, MaxPool2d.class, Flatten.class, Dropout.class);
    }

    public static Dense dense(int units) {
        return dense(units, Activation.LINEAR);
    }

    public static Dense dense(int units, Activation activation) {
        return new Dense(units, activation, true);
    }

    public static Conv2d conv2d(int filters, int kernelSize, Activation activation) {
        return new Conv2d(filters, kernelSize, activation, 1, 0, true);
    }

    public static MaxPool2d maxPool2d(int poolSize) {
        return new MaxPool2d(poolSize);
    }

    public static Flatten flatten() {
        return new Flatten();
    }

    public static Dropout dropout(double rate) {
        return new Dropout(rate);
    }
}
