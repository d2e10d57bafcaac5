package dev.jumbo.train;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import java.util.List;
import java.util.SplittableRandom;

/** Two interleaving half circles with noise, as scikit-learn's {@code make_moons}: a problem no linear model solves. */
final class Moons {
    private Moons() {}

    static Dataset of(int size, long seed) {
        return of(size, seed, List.of("upper", "lower"));
    }

    static Dataset of(int size, long seed, List<String> classes) {
        SplittableRandom random = RandomState.of(seed).generator();
        float[] points = new float[2 * size];
        long[] labels = new long[size];
        for (int i = 0; i < size; i++) {
            boolean lower = random.nextBoolean();
            double angle = Math.PI * random.nextDouble();
            double x = lower ? 1 - Math.cos(angle) : Math.cos(angle);
            double y = lower ? 0.5 - Math.sin(angle) : Math.sin(angle);
            points[2 * i] = (float) (x + 0.1 * random.nextGaussian());
            points[2 * i + 1] = (float) (y + 0.1 * random.nextGaussian());
            labels[i] = lower ? 1 : 0;
        }
        return ArrayDataset.of(Field.floats("point", Shape.of(2)), points, Field.classId("moon", classes), labels);
    }
}
