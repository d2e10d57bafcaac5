package dev.jumbo.train.objective;

import dev.jumbo.data.Batch;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.losses.ClassWeights;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the right token costs at every position that counts: {@code cross entropy + z_loss log^2 sum_v exp(x_v)} with logits x, averaged over
 * these positions. The second term (Chowdhery et al., 2022, PaLM, section 5) keeps the sum near 1, so that logits do not drift where
 * numbers are rounded to bf16.
 *
 * @param labelSmoothing share of each target spread over all tokens, 0 to 1
 * @param zLoss factor of the second term, 0 for none; 1e-4 in PaLM
 */
record TokenLoss(double labelSmoothing, double zLoss) {
    /** The label of a position that does not count. */
    static final long IGNORED = -100;

    private static final String CROSS_ENTROPY = "cross_entropy";
    private static final String Z_LOSS = "z_loss";

    /** @throws InputException if a setting of the objective is out of its range */
    TokenLoss {
        if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
            throw new InputException("label_smoothing: expected a share from 0 to 1, received " + labelSmoothing);
        }
        if (!(zLoss >= 0) || Double.isInfinite(zLoss)) {
            throw new InputException("z_loss: expected a factor of 0 or more, such as 1e-4, received " + zLoss);
        }
    }

    /** What the outputs mean. */
    CrossEntropy crossEntropy() {
        return new CrossEntropy(labelSmoothing, ClassWeights.of(List.of()), IGNORED, true, -1);
    }

    /** Names of what is logged beside the loss. */
    Set<String> parts() {
        return zLoss == 0 ? Set.of() : Set.of(CROSS_ENTROPY, Z_LOSS);
    }

    /** What a batch counts. */
    double weight(Tensor labels, Batch batch) {
        return CountedLoss.of(crossEntropy(), batch).weight(labels);
    }

    /**
     * Of a batch.
     *
     * @param logits {@code [N, T, vocabulary]}
     * @param labels {@code [N, T]} INT64, {@link #IGNORED} where nothing counts
     */
    Weighted of(Tensor logits, Tensor labels, Batch batch) {
        if (logits.rank() != 3 || !logits.shape().without(2).equals(labels.shape())) {
            throw new ShapeException(
                    "the model's output", "logits " + labels.shape() + " by the vocabulary", logits.shape());
        }
        CountedLoss counted = CountedLoss.of(crossEntropy(), batch);
        double weight = counted.weight(labels);
        // Where nothing counts the mean is not defined; back-propagation still runs, as on other workers.
        Tensor mean = weight == 0 ? logits.mul(0).sum() : counted.of(logits, labels);
        if (zLoss == 0) {
            return Weighted.mean(mean, weight);
        }
        Tensor z = weight == 0 ? mean : z(logits, labels, batch.weights(), weight);
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put(CROSS_ENTROPY, mean);
        parts.put(Z_LOSS, z);
        return Weighted.mean(mean.add(z), weight, parts);
    }

    private Tensor z(Tensor logits, Tensor labels, double @Nullable [] weights, double all) {
        long[] ids = labels.toLongs();
        float[] shares = new float[ids.length];
        int steps = Math.toIntExact(labels.size(1));
        for (int i = 0; i < ids.length; i++) {
            double counts = weights == null ? 1 : weights[i / steps];
            shares[i] = ids[i] == IGNORED ? 0 : (float) (counts * zLoss / all);
        }
        Tensor rows = logits.reshape(labels.elements(), logits.size(2)).to(DType.FLOAT32);
        return Functional.logSumExp(rows, 1)
                .pow(2)
                .mul(Tensor.of(shares, Shape.of(shares.length)).to(logits.device()))
                .sum();
    }

    /** Ids that do not count, as many as there are. */
    static long[] ignored(int count) {
        long[] labels = new long[count];
        Arrays.fill(labels, IGNORED);
        return labels;
    }
}
