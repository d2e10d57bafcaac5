package dev.jumbo.benchmarks;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Dense;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.tensor.Shape;
import java.util.List;

/** The network of the article, which every side trains. */
final class Cnn {
    static final Shape IMAGE = Shape.of(1, 28, 28);
    static final int BATCH = 64;

    private Cnn() {}

    static Sequential layers() {
        return Sequential.of(
                conv2d(32, 3, RELU),
                maxPool2d(2),
                conv2d(64, 3, RELU),
                maxPool2d(2),
                flatten(),
                dense(128, RELU),
                dense(10));
    }

    /**
     * Floating-point operations of the matrix products of one training step: forward, and backward once for the weights
     * and once for the inputs, of which the first layer's are not needed.
     */
    static long flopsOfStep() {
        List<Layer.Part> products = layers().parts(List.of(IMAGE)).stream()
                .filter(part -> part.layer() instanceof Conv2d || part.layer() instanceof Dense)
                .toList();
        return BATCH * (3 * Layer.Part.flops(products) - Layer.Part.flops(products.subList(0, 1)));
    }
}
