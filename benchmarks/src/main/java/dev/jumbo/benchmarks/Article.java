package dev.jumbo.benchmarks;

import static dev.jumbo.train.metrics.Metrics.accuracy;
import static dev.jumbo.train.optim.Optimizers.adam;

import dev.jumbo.data.image.Mnist;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.TrainConfig.Precision;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The article's program: batches of 64, Adam, a fifth held out to validate on each epoch, in fp32 if not told otherwise. {@code fit_seconds} is
 * the wall time of {@code fit} from call to return: with the model's initialisation, validation and a checkpoint an epoch,
 * without reading the files. Test accuracy is that of the last epoch, as in Keras, and that of the best by validation.
 *
 * <p>Usage: {@code Article MNIST_DIR EPOCHS SEED [fp32 | bf16 | auto]}
 */
public final class Article {
    private Article() {}

    public static void main(String[] args) throws IOException {
        Mnist mnist = Mnist.load(Path.of(args[0]));
        int epochs = Integer.parseInt(args[1]);
        Precision precision = args.length > 3 ? Precision.valueOf(args[3].toUpperCase(Locale.ROOT)) : Precision.FP32;
        Path directory = Files.createTempDirectory("jumbo-article");
        try {
            Trainer trainer = Trainer.of(Cnn.layers())
                    .optimizer(adam(1e-3))
                    .metrics(accuracy())
                    .epochs(epochs)
                    .batchSize(Cnn.BATCH)
                    .validationSplit(0.2)
                    .monitor("val_accuracy")
                    .seed(Long.parseLong(args[2]))
                    .precision(precision)
                    .saveTo(directory)
                    .build();
            long start = System.nanoTime();
            Checkpoint best = trainer.fit(mnist.train());
            double seconds = (System.nanoTime() - start) / 1e9;
            Map<String, Double> last = Evaluator.evaluate(Checkpoint.latest(directory), mnist.test(), accuracy());
            new Result()
                    .put("fit_seconds", seconds)
                    .put("epochs", epochs)
                    .put("accuracy", value(last, "accuracy"))
                    .put("loss", value(last, "loss"))
                    .put("best_accuracy", value(Evaluator.evaluate(best, mnist.test(), accuracy()), "accuracy"))
                    .print();
        } finally {
            delete(directory);
        }
    }

    private static double value(Map<String, Double> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
