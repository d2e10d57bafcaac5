package dev.jumbo.benchmarks.micro;

import dev.jumbo.data.Augmentation;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Loader;
import dev.jumbo.data.augment.Augmentations;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.data.image.ImageDataset;
import dev.jumbo.tensor.RandomState;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Images a second out of the loader, 28 by 28, shuffled, scaled, in batches of 64. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class LoaderBenchmark {
    private static final int IMAGES = 6400;

    @Param({"1", "2"})
    public int threads;

    @Param({"none", "affine"})
    public String augmentation = "none";

    private final ImageDataset data = Digits.draw(IMAGES, 0, 0).train();
    private int epoch;

    @Benchmark
    @OperationsPerInvocation(IMAGES)
    public int epoch() {
        List<Augmentation> used =
                augmentation.equals("affine") ? List.of(Augmentations.affine(10, 0.1, 5, 2)) : List.of();
        Loader loader = Loader.of(data)
                .batchSize(64)
                .threads(threads)
                .shuffle(RandomState.of(0))
                .augmentations(used)
                .preprocessing(data.preprocessing())
                .build();
        int seen = 0;
        try (Loader.Epoch batches = loader.epoch(epoch++)) {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                seen += batch.size();
            }
        }
        return seen;
    }
}
