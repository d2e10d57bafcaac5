package dev.jumbo.benchmarks;

import static dev.jumbo.data.augment.Augmentations.affine;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Loader;
import dev.jumbo.tensor.RandomState;
import java.nio.file.Path;
import java.util.List;

/**
 * What the data costs of training: the time of steps fed by the loader, shuffled and with a random affine map of every
 * image, over the time of as many steps on one batch that stays. In fp32 and in bf16.
 *
 * <p>Usage: {@code Pipeline MNIST_DIR WARM_UP REPEATS STEPS}: the median of so many repeats of so many steps each, at
 * most an epoch
 */
public final class Pipeline {
    private Pipeline() {}

    public static void main(String[] args) {
        Dataset data = Examples.train(Path.of(args[0]));
        Loader loader = Loader.of(data)
                .batchSize(Cnn.BATCH)
                .dropLast(true)
                .shuffle(RandomState.of(0))
                .augmentations(List.of(affine(10, 0.1, 5, 2)))
                .preprocessing(data.preprocessing())
                .build();
        int warmUp = Integer.parseInt(args[1]);
        int repeats = Integer.parseInt(args[2]);
        int steps = Math.min(Integer.parseInt(args[3]), loader.batches());
        Result result = new Result().put("steps", steps);
        measure("fp32", false, loader, Examples.firstBatch(data), warmUp, repeats, steps, result);
        measure("bf16", true, loader, Examples.firstBatch(data), warmUp, repeats, steps, result);
        result.print();
    }

    private static void measure(
            String name, boolean bf16, Loader loader, Batch fixed, int warmUp, int repeats, int steps, Result result) {
        double[] withData = new double[repeats];
        double[] without = new double[repeats];
        try (StepLoop loop = new StepLoop(bf16)) {
            onOneBatch(loop, fixed, warmUp);
            onLoader(loop, loader, 0, Math.min(warmUp, steps));
            for (int i = 0; i < repeats; i++) {
                without[i] = onOneBatch(loop, fixed, steps);
                withData[i] = onLoader(loop, loader, i + 1, steps);
            }
        }
        double cost = Result.median(withData) / Result.median(without) - 1;
        result.put(name + "_one_batch_images_per_s", Cnn.BATCH * steps / Result.median(without));
        result.put(name + "_loader_images_per_s", Cnn.BATCH * steps / Result.median(withData));
        result.put(name + "_cost_percent", 100 * cost);
    }

    private static double onOneBatch(StepLoop loop, Batch batch, int steps) {
        long start = System.nanoTime();
        for (int i = 0; i < steps; i++) {
            loop.step(batch);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static double onLoader(StepLoop loop, Loader loader, int epoch, int steps) {
        long start = System.nanoTime();
        try (Loader.Epoch batches = loader.epoch(epoch)) {
            for (int i = 0; i < steps; i++) {
                loop.step(batches.next());
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
