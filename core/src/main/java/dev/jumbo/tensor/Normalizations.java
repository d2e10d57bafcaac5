package dev.jumbo.tensor;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Normalisations over batches and groups of channels. Scales, shifts and running statistics are FLOAT32, also where the
 * input is BFLOAT16; without scale and shift, the result is what they would be applied to.
 */
public final class Normalizations {
    private Normalizations() {}

    /**
     * {@code (x - mean) / sqrt(variance + epsilon) * weight + bias} for each channel (Ioffe, Szegedy, 2015).
     *
     * @param x {@code [N, C, ...]}
     * @param weight {@code [C]}
     * @param bias {@code [C]}
     * @param runningMean {@code [C]}, moved towards the batch's in training, used instead of it otherwise
     * @param runningVariance {@code [C]}, likewise; the batch's share is the unbiased one
     * @param momentum the batch's share in the running statistics
     */
    public static Tensor batchNorm(
            Tensor x,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            Tensor runningMean,
            Tensor runningVariance,
            boolean training,
            double momentum,
            double epsilon) {
        return Tensor.wrap(torch.batch_norm(
                x.handle(),
                Functional.optional(weight),
                Functional.optional(bias),
                Functional.optional(runningMean),
                Functional.optional(runningVariance),
                training,
                momentum,
                epsilon,
                false));
    }

    /** As {@link #batchNorm}, with the statistics of each example over groups of neighbouring channels (Wu, He, 2018). */
    public static Tensor groupNorm(
            Tensor x, long groups, @Nullable Tensor weight, @Nullable Tensor bias, double epsilon) {
        // Where the input needs no gradient, libtorch's channels-last kernel writes it nonetheless, to nowhere.
        boolean first = weight != null && weight.requiresGrad() && !x.requiresGrad();
        Tensor given = first ? x.contiguous() : x;
        return Tensor.wrap(torch.group_norm(
                given.handle(), groups, Functional.optional(weight), Functional.optional(bias), epsilon, false));
    }

    /** {@code (x - mean) / sqrt(variance + epsilon) * weight + bias} over the last dimension (Ba et al., 2016). */
    public static Tensor layerNorm(Tensor x, @Nullable Tensor weight, @Nullable Tensor bias, double epsilon) {
        return Tensor.wrap(torch.layer_norm(
                x.handle(),
                new long[] {x.size(-1)},
                Functional.optional(weight),
                Functional.optional(bias),
                epsilon,
                false));
    }

    /** {@code x / sqrt(mean(x^2) + epsilon) * weight} over the last dimension, in x's type (Zhang, Sennrich, 2019). */
    public static Tensor rmsNorm(Tensor x, @Nullable Tensor weight, double epsilon) {
        Tensor wide = Functional.toFloat32(x);
        Tensor y = Tensor.wrap(torch.rms_norm(
                wide.handle(), new long[] {x.size(-1)}, Functional.optional(weight), new DoubleOptional(epsilon)));
        return x.dtype() == DType.BFLOAT16 ? y.to(DType.BFLOAT16) : y;
    }
}
