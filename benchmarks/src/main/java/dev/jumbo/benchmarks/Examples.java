package dev.jumbo.benchmarks;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Loader;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.data.image.Mnist;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is trained on: MNIST where its directory is there, otherwise digits drawn by the program, of the same size. */
final class Examples {
    private Examples() {}

    static Dataset train(Path mnist) {
        return Files.isDirectory(mnist)
                ? Mnist.load(mnist).train()
                : Digits.draw(20_000, 0, 0).train();
    }

    /** The first batch, prepared. */
    static Batch firstBatch(Dataset data) {
        Loader loader = Loader.of(data)
                .batchSize(Cnn.BATCH)
                .preprocessing(data.preprocessing())
                .build();
        try (Loader.Epoch epoch = loader.epoch(0)) {
            return epoch.next();
        }
    }
}
