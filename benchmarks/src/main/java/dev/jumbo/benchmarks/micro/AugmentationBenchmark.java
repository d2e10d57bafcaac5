package dev.jumbo.benchmarks.micro;

import dev.jumbo.data.Augmentation;
import dev.jumbo.data.Row;
import dev.jumbo.data.augment.Augmentations;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.data.image.ImageDataset;
import dev.jumbo.tensor.Shape;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Microseconds that an augmentation takes for one grey image of 28 by 28, with reading it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AugmentationBenchmark {
    /** The augmentations measured. */
    public enum Kind {
        NONE(Augmentations.of()),
        SHIFT(Augmentations.shift(2)),
        CROP(Augmentations.crop(4)),
        FLIP(Augmentations.flip()),
        ROTATION(Augmentations.rotation(10)),
        AFFINE(Augmentations.affine(10, 0.1, 5, 2)),
        ELASTIC(Augmentations.elastic(34, 4)),
        NOISE(Augmentations.noise(10)),
        CUTOUT(Augmentations.cutout(8)),
        RAND_AUGMENT(Augmentations.randAugment(2, 9));

        private final Augmentation augmentation;

        Kind(Augmentation augmentation) {
            this.augmentation = augmentation;
        }
    }

    @Param
    public Kind kind = Kind.NONE;

    private final ImageDataset data = Digits.draw(256, 0, 0).train();
    private final Shape image = data.inputs().get(0).shape();
    private final Row row = Row.single(data);
    private final SplittableRandom random = new SplittableRandom(0);
    private int index;

    @Benchmark
    public float[] image() {
        data.read(index++ & 255, row);
        kind.augmentation.apply(row.floats(0), 0, image, random);
        return row.floats(0);
    }
}
