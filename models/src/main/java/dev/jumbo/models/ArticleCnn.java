package dev.jumbo.models;

import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Sequential;

/**
 * The small convolutional network of the introductory articles on MNIST, of 225,034 parameters at 28 by 28 pixels and
 * ten classes: two convolutions 3x3 with 32 and 64 filters, each behind it a pooling by 2, then 128 units and the
 * classes. Gives logits.
 *
 * @param classes outputs
 */
@Kind("article_cnn")
@Doc("Conv 32, pool, conv 64, pool, dense 128, dense classes; for small images. Gives logits.")
public record ArticleCnn(
        @Doc("Number of classes.") @Default("10") int classes) implements NamedModel {
    @Override
    public Layer layer() {
        return Sequential.of(
                conv2d(32, 3, Activation.RELU),
                maxPool2d(2),
                conv2d(64, 3, Activation.RELU),
                maxPool2d(2),
                flatten(),
                dense(128, Activation.RELU),
                dense(classes));
    }
}
