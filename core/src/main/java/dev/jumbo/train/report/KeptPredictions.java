package dev.jumbo.train.report;

import dev.jumbo.train.metrics.Predictions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The predictions of all batches, as long as they fit: those of a language model would fill the memory. */
final class KeptPredictions {
    /** Output values: 200 MB. */
    private static final long LIMIT = 50_000_000;

    private final List<Predictions> batches = new ArrayList<>();
    private final long values;

    /** @param expected output values of all batches together */
    KeptPredictions(long expected) {
        values = expected;
    }

    /** Whether all of them will fit. */
    boolean fit() {
        return values <= LIMIT;
    }

    void add(Predictions batch) {
        batches.add(batch);
    }

    /** All of them in order; null where they were too many, or none. */
    @Nullable
    Predictions all() {
        if (batches.isEmpty()) {
            return null;
        }
        int width = batches.get(0).width();
        int rows = batches.stream().mapToInt(Predictions::rows).sum();
        boolean ids = batches.get(0).hasClassIds();
        float[] outputs = new float[rows * width];
        long[] classIds = new long[ids ? rows : 0];
        float[] targets = new float[ids ? 0 : rows * width];
        double[] weights = new double[batches.get(0).weights().length == 0 ? 0 : rows];
        int at = 0;
        for (Predictions batch : batches) {
            System.arraycopy(batch.outputs(), 0, outputs, at * width, batch.rows() * width);
            if (ids) {
                System.arraycopy(batch.classIds(), 0, classIds, at, batch.rows());
            } else {
                System.arraycopy(batch.values(), 0, targets, at * width, batch.rows() * width);
            }
            if (weights.length > 0) {
                System.arraycopy(batch.weights(), 0, weights, at, batch.rows());
            }
            at += batch.rows();
        }
        return new Predictions(rows, width, outputs, classIds, targets, weights);
    }
}
