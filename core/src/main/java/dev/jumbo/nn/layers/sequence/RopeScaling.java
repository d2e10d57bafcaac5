package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import org.jspecify.annotations.Nullable;

/**
 * How Llama 3.1 stretches rotary positions over a longer context than it was first trained with: pairs that turn slowly, with a
 * wavelength above {@code original / low}, are slowed down by the factor, fast ones below {@code original / high} stay, those
 * between are mixed. Hugging Face's {@code rope_type: llama3}.
 *
 * @param factor by which slow pairs are slowed down
 * @param lowFreqFactor bound of slow pairs
 * @param highFreqFactor bound of fast pairs, above the other
 * @param originalMaxPositions length of the first training's context
 */
public record RopeScaling(
        @Doc("By how much slow pairs are slowed down.") @Default("8.0")
        double factor,

        @Doc("Bound of slow pairs.") @Default("1.0") double lowFreqFactor,
        @Doc("Bound of fast pairs.") @Default("4.0") double highFreqFactor,

        @Doc("Length of the context of the first training.") @Default("8192")
        int originalMaxPositions) {
    public RopeScaling {
        if (!(factor > 0 && lowFreqFactor > 0 && highFreqFactor > lowFreqFactor) || originalMaxPositions < 1) {
            throw new InputException(
                    "rope_scaling: expected a factor above 0, a high_freq_factor above the low_freq_factor"
                            + " and original_max_positions of 1 or more, received " + factor + ", " + highFreqFactor
                            + ", "
                            + lowFreqFactor + " and " + originalMaxPositions);
        }
    }

    /** The angle of one step of each pair. @param headDim d, even */
    public static float[] frequencies(int headDim, double theta, @Nullable RopeScaling scaling) {
        float[] frequencies = new float[headDim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            double plain = Math.pow(theta, -2.0 * i / headDim);
            frequencies[i] = (float) (scaling == null ? plain : scaling.scaled(plain));
        }
        return frequencies;
    }

    private double scaled(double plain) {
        double wavelength = 2 * Math.PI / plain;
        if (wavelength > originalMaxPositions / lowFreqFactor) {
            return plain / factor;
        }
        if (wavelength < originalMaxPositions / highFreqFactor) {
            return plain;
        }
        double share = (originalMaxPositions / wavelength - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
        return (1 - share) * plain / factor + share * plain;
    }
}
