package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How rotary positions stretch over a longer context than the one of the first training, under the names of Hugging Face's {@code
 * rope_parameters}; {@link RopeType} says which of the others a type reads.
 *
 * @param ropeType the form
 * @param factor by which positions are stretched
 * @param lowFreqFactor bound of slow pairs, of {@code llama3}
 * @param highFreqFactor bound of fast pairs, above the other, of {@code llama3}
 * @param originalMaxPositions length of the context of the first training
 * @param attentionFactor by which queries and keys are multiplied, of {@code yarn} and {@code longrope}; the one of their papers if null
 * @param betaFast turns over the first context above which a pair stays as it is, of {@code yarn}
 * @param betaSlow turns below which a pair is slowed down by the whole factor, of {@code yarn}
 * @param mscale see {@code mscaleAllDim}
 * @param mscaleAllDim with mscale, {@code (0.1 mscale ln factor + 1) / (0.1 mscaleAllDim ln factor + 1)} is the attention factor of
 *     {@code yarn}
 * @param truncate whether the bounds of {@code yarn} are rounded to whole pairs
 * @param shortFactor of {@code longrope}: what each pair is slowed down by within the first context
 * @param longFactor of {@code longrope}: what each is slowed down by beyond it
 */
public record RopeScaling(
        @Doc("The form: linear, dynamic, llama3, yarn or longrope.") @Default("llama3")
        RopeType ropeType,

        @Doc("By how much positions are stretched.") @Default("8.0")
        double factor,

        @Doc("Bound of slow pairs, of llama3.") @Default("1.0")
        double lowFreqFactor,

        @Doc("Bound of fast pairs, of llama3.") @Default("4.0")
        double highFreqFactor,

        @Doc("Length of the context of the first training.") @Default("8192")
        int originalMaxPositions,

        @Doc("What queries and keys are multiplied by, of yarn and longrope; by their papers if null.")
        @Default("null")
        @Nullable
        Double attentionFactor,

        @Doc("Turns above which a pair stays as it is, of yarn.") @Default("32.0")
        double betaFast,

        @Doc("Turns below which a pair is slowed down by the whole factor, of yarn.") @Default("1.0")
        double betaSlow,

        @Doc("Of yarn's attention factor, with mscale_all_dim.") @Default("null") @Nullable
        Double mscale,

        @Doc("Of yarn's attention factor, with mscale.") @Default("null") @Nullable
        Double mscaleAllDim,

        @Doc("Whether yarn's bounds are rounded to whole pairs.") @Default("true")
        boolean truncate,

        @Doc("What each pair is slowed down by within the first context, of longrope.") @Default("[]")
        List<Double> shortFactor,

        @Doc("What each pair is slowed down by beyond it, of longrope.") @Default("[]")
        List<Double> longFactor) {
    public RopeScaling {
        shortFactor = List.copyOf(shortFactor);
        longFactor = List.copyOf(longFactor);
        if (!(factor > 0 && factor < Double.POSITIVE_INFINITY) || originalMaxPositions < 1) {
            throw new InputException("rope_scaling: expected a factor above 0 and original_max_positions of 1 or more,"
                    + " received " + factor + " and " + originalMaxPositions);
        }
        if (ropeType == RopeType.LLAMA3 && !(lowFreqFactor > 0 && highFreqFactor > lowFreqFactor)) {
            throw new InputException("rope_scaling: expected a low_freq_factor above 0 and a high_freq_factor above it,"
                    + " received " + lowFreqFactor + " and " + highFreqFactor);
        }
        if (ropeType == RopeType.YARN && !(betaSlow > 0 && betaFast >= betaSlow)) {
            throw new InputException("rope_scaling: expected a beta_slow above 0 and a beta_fast of as much or more,"
                    + " received " + betaSlow + " and " + betaFast);
        }
        if (attentionFactor != null && !(attentionFactor > 0)) {
            throw new InputException("rope_scaling: expected an attention_factor above 0, received " + attentionFactor);
        }
        if (ropeType == RopeType.LONGROPE
                && (shortFactor.isEmpty()
                        || shortFactor.size() != longFactor.size()
                        || !positive(shortFactor)
                        || !positive(longFactor))) {
            throw new InputException(
                    "rope_scaling: expected short_factor and long_factor of longrope, each a number above 0"
                            + " for every pair, received " + shortFactor.size() + " and " + longFactor.size()
                            + " numbers");
        }
    }

    private static boolean positive(List<Double> factors) {
        return factors.stream().allMatch(f -> f > 0);
    }

    /** Llama 3.1's. */
    public RopeScaling(double factor, double lowFreqFactor, double highFreqFactor, int originalMaxPositions) {
        this(
                RopeType.LLAMA3,
                factor,
                lowFreqFactor,
                highFreqFactor,
                originalMaxPositions,
                null,
                32,
                1,
                null,
                null,
                true,
                List.of(),
                List.of());
    }

    /** The angle of one step of each pair, in a sequence within the first context. @param headDim d, even */
    public static float[] frequencies(int headDim, double theta, @Nullable RopeScaling scaling) {
        return Rope.of(headDim, theta, scaling).frequencies(1);
    }

    /** Whether angles depend on how long a sequence is. */
    public boolean dependsOnLength() {
        return ropeType == RopeType.DYNAMIC || ropeType == RopeType.LONGROPE;
    }

    /** What cosines and sines are multiplied by. */
    public double attention() {
        return switch (ropeType) {
            case LINEAR, DYNAMIC, LLAMA3 -> 1;
            case YARN -> attentionFactor != null ? attentionFactor : yarnAttention();
            case LONGROPE -> attentionFactor != null ? attentionFactor : longAttention();
        };
    }

    /** Peng et al., 2024, equation 22. */
    private double yarnAttention() {
        @Nullable Double one = mscale;
        @Nullable Double all = mscaleAllDim;
        return one == null || all == null || one == 0 || all == 0 ? yarn(1) : yarn(one) / yarn(all);
    }

    private double yarn(double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    /** Ding et al., 2024, section 3.3. */
    private double longAttention() {
        return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalMaxPositions));
    }
}
