package dev.jumbo.examples;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static dev.jumbo.nn.losses.Losses.crossEntropy;
import static dev.jumbo.train.metrics.Metrics.accuracy;
import static dev.jumbo.train.optim.Optimizers.adam;

import dev.jumbo.data.image.Mnist;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.callbacks.ProgressLog;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.nio.file.Path;

/**
 * A convolutional network for MNIST: trained, saved, and the best checkpoint measured on the test split.
 *
 * <p>Usage: {@code QuickStart MNIST_DIR [RUN_DIR] [EPOCHS]}
 */
public final class QuickStart {
    private QuickStart() {}

    public static void main(String[] args) {
        Path data = Path.of(args.length > 0 ? args[0] : "data/mnist");
        Path run = Path.of(args.length > 1 ? args[1] : "runs/mnist");
        int epochs = args.length > 2 ? Integer.parseInt(args[2]) : 10;

        Mnist mnist = Mnist.load(data);
        Sequential model = Sequential.of(
                conv2d(32, 3, RELU),
                maxPool2d(2),
                conv2d(64, 3, RELU),
                maxPool2d(2),
                flatten(),
                dense(128, RELU),
                dense(10));
        Trainer trainer = Trainer.of(model)
                .optimizer(adam(1e-3))
                .loss(crossEntropy())
                .metrics(accuracy())
                .epochs(epochs)
                .batchSize(64)
                .validationSplit(0.2)
                .seed(42)
                .saveTo(run)
                .callback(ProgressLog.create())
                .build();
        Checkpoint best = trainer.fit(mnist.train());
        System.out.println(Evaluator.evaluate(best, mnist.test(), accuracy()));
    }
}
