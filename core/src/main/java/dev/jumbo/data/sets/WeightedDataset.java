package dev.jumbo.data.sets;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.ExampleWeights;
import dev.jumbo.data.View;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * A dataset whose examples count differently, as by Keras's {@code sample_weight}: the loss is the mean over the examples, each
 * by its weight, {@code sum(w_i l_i) / sum(w_i)} (Keras's reduction {@code mean_with_sample_weight}, scikit-learn's weighted
 * metrics), over the batches of a step and all workers together. Metrics other
 * than the loss count every example once.
 */
public final class WeightedDataset extends View {
    private final double[] weights;

    private WeightedDataset(Dataset dataset, double[] weights) {
        super(dataset);
        this.weights = weights;
    }

    /**
     * Gives examples their weights.
     *
     * @param weights one for each example, 0 or more; only their ratios matter
     * @throws InputException if one is negative or not finite, or all are 0
     */
    public static WeightedDataset of(Dataset dataset, double... weights) {
        if (weights.length != dataset.size()) {
            throw new InputException(
                    "expected a weight for each of the " + dataset.size() + " examples, received " + weights.length);
        }
        WeightedDataset weighted = new WeightedDataset(dataset, weights.clone());
        ExampleWeights.check(weighted);
        return weighted;
    }

    @Override
    public double weight(int index) {
        return weights[index];
    }

    @Override
    public boolean isWeighted() {
        return true;
    }

    @Override
    public long classId(int index) {
        return behind().classId(index);
    }

    /** That of the dataset behind, and a hash of the weights. */
    @Override
    public String fingerprint() {
        MessageDigest sha = Sha256.digest();
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES);
        for (double weight : weights) {
            sha.update(bytes.putDouble(0, weight).array());
        }
        return behind().fingerprint() + "[weights " + Sha256.hex(sha) + "]";
    }
}
