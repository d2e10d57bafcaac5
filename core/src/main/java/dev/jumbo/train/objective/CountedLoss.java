package dev.jumbo.train.objective;

import dev.jumbo.config.ForeignKinds;
import dev.jumbo.data.Batch;
import dev.jumbo.error.Shown;
import dev.jumbo.nn.Loss;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A loss of examples that may count differently: {@code sum(s_i l_i) / sum(s_i c_i)} with the weight s of an example, its loss l
 * and what it counts without one, c.
 *
 * @param weights of the examples; null where all count the same, and the loss is what it says itself
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record CountedLoss(Loss loss, double @Nullable [] weights) {
    public static CountedLoss of(Loss loss, Batch batch) {
        return new CountedLoss(loss, batch.weights());
    }

    /** For some of the examples, in order. */
    public CountedLoss slice(int from, int rows) {
        return weights == null ? this : new CountedLoss(loss, Arrays.copyOfRange(weights, from, from + rows));
    }

    /** What the mean counts beside that of another batch, see {@link Loss#weight}. */
    public double weight(Tensor targets) {
        if (weights == null) {
            return loss.weight(targets);
        }
        double[] counts = loss.weights(targets);
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += weights[i] * counts[i];
        }
        return sum;
    }

    /** The mean; not defined where {@link #weight} is 0. */
    public Tensor of(Tensor outputs, Tensor targets) {
        if (weights == null) {
            return ForeignKinds.given(loss.of(outputs, targets), loss, "of");
        }
        double all = weight(targets);
        float[] shares = new float[weights.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = (float) (weights[i] / all);
        }
        return ForeignKinds.given(loss.each(outputs, targets), loss, "each")
                .mul(Tensor.of(shares, Shape.of(shares.length)).to(outputs.device()))
                .sum();
    }

    @Override
    public String toString() {
        return loss + (weights == null ? "" : " by weights " + Shown.of(weights));
    }
}
