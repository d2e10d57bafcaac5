package dev.jumbo.nn.layers;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.conv.AvgPool1d;
import dev.jumbo.nn.layers.conv.AvgPool2d;
import dev.jumbo.nn.layers.conv.Conv1d;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.GlobalAvgPool;
import dev.jumbo.nn.layers.conv.GlobalMaxPool;
import dev.jumbo.nn.layers.conv.MaxPool1d;
import dev.jumbo.nn.layers.conv.MaxPool2d;
import dev.jumbo.nn.layers.conv.Size2d;
import java.util.List;

/** Static factories for the common forms of every layer, and the list of layers that files may name. */
public final class Layers {
    private Layers() {}

    /** Every layer that {@code model.json} and a configuration may name; nothing else is ever loaded from a file. */
    public static List<Class<? extends Layer>> kinds() {
        return List.of(
                Sequential.class,
                Dense.class,
                Conv1d.class,
                Conv2d.class,
                MaxPool1d.class,
                MaxPool2d.class,
                AvgPool1d.class,
                AvgPool2d.class,
                GlobalAvgPool.class,
                GlobalMaxPool.class,
                BatchNorm.class,
                GroupNorm.class,
                ActivationLayer.class,
                Dropout.class,
                Flatten.class);
    }

    public static Dense dense(int units) {
        return Dense.of(units, Activation.LINEAR);
    }

    public static Dense dense(int units, Activation activation) {
        return Dense.of(units, activation);
    }

    public static Conv1d conv1d(int filters, int kernelSize, Activation activation) {
        return Conv1d.of(filters, kernelSize, activation);
    }

    public static Conv2d conv2d(int filters, int kernelSize) {
        return conv2d(filters, kernelSize, Activation.LINEAR);
    }

    public static Conv2d conv2d(int filters, int kernelSize, Activation activation) {
        return Conv2d.of(filters, Size2d.of(kernelSize), activation);
    }

    public static MaxPool1d maxPool1d(int poolSize) {
        return MaxPool1d.of(poolSize);
    }

    public static MaxPool2d maxPool2d(int poolSize) {
        return MaxPool2d.of(poolSize);
    }

    public static AvgPool1d avgPool1d(int poolSize) {
        return AvgPool1d.of(poolSize);
    }

    public static AvgPool2d avgPool2d(int poolSize) {
        return AvgPool2d.of(poolSize);
    }

    public static GlobalAvgPool globalAvgPool() {
        return new GlobalAvgPool();
    }

    public static GlobalMaxPool globalMaxPool() {
        return new GlobalMaxPool();
    }

    public static BatchNorm batchNorm() {
        return new BatchNorm(0.1, 1e-5);
    }

    public static GroupNorm groupNorm(int groups) {
        return new GroupNorm(groups, 1e-5);
    }

    public static ActivationLayer activation(Activation function) {
        return new ActivationLayer(function);
    }

    public static ActivationLayer relu() {
        return new ActivationLayer(Activation.RELU);
    }

    public static Flatten flatten() {
        return new Flatten();
    }

    public static Dropout dropout(double rate) {
        return new Dropout(rate);
    }
}
