package dev.jumbo.serve.repository;

import static dev.jumbo.nn.layers.Layers.dense;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Field;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Real checkpoints of a tiny network, each of which answers the same question otherwise. */
public final class CodedModels {
    static final float[] QUESTION = {1, 2, 3, 4};

    private CodedModels() {}

    /** Trains for a moment. @return the directory of the checkpoint */
    public static Path checkpoint(Path run, long seed) {
        return checkpoint(run, seed, Sequential.of(dense(8), dense(2)));
    }

    /** As {@link #checkpoint(Path, long)}, of another network for 4 numbers and 2 classes. */
    static Path checkpoint(Path run, long seed, Sequential network) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] points = new float[4 * 16];
        long[] labels = new long[16];
        for (int i = 0; i < points.length; i++) {
            points[i] = (float) random.nextDouble();
            labels[i / 4] = i / 4 % 2;
        }
        Checkpoint made = Trainer.of(network)
                .epochs(1)
                .batchSize(8)
                .seed(seed)
                .validationSplit(0.25)
                .saveTo(run)
                .build()
                .fit(ArrayDataset.of(
                        Field.floats("point", Shape.of(4)),
                        points,
                        Field.classId("side", List.of("left", "right")),
                        labels));
        return made.directory();
    }

    /** The answer to {@link #QUESTION}, of the checkpoint itself. */
    public static float answer(Path checkpoint) {
        try (Predictor predictor = Predictor.of(Checkpoint.open(checkpoint))) {
            return predictor.predict(List.of(QUESTION), 1).get(0)[0];
        }
    }

    /** The answer to {@link #QUESTION} of what answers now. */
    static float answer(Lease lease) {
        return lease.model().predictor().predict(List.of(QUESTION), 1).get(0)[0];
    }

    /** As {@code cp -r} does it: one file after the other, by name. */
    public static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.sorted().toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    public static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
