package dev.jumbo.benchmarks;

import dev.jumbo.models.ArticleCnn;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.util.List;

/** The network of the article, which every side trains. */
final class Cnn {
    static final Shape IMAGE = Shape.of(1, 28, 28);
    static final int BATCH = 64;

    private Cnn() {}

    static Layer layers() {
        return new ArticleCnn(10).layer();
    }

    /**
     * Floating-point operations of the matrix products of one training step: forward, and backward once for the weights
     * and once for the inputs, of which the first layer's are not needed.
     */
    static long flopsOfStep() {
        List<Layer.Part> products = layers().parts(Specs.of(IMAGE)).stream()
                .filter(part -> part.layer() instanceof Conv2d || part.layer() instanceof Dense)
                .toList();
        return BATCH * (3 * Layer.Part.flops(products) - Layer.Part.flops(products.subList(0, 1)));
    }
}
