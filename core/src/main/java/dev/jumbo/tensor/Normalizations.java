package dev.jumbo.tensor;

import org.bytedeco.pytorch.global.torch;

/**
 * Normalisations over batches and groups of channels. Scales, shifts and running statistics are FLOAT32, also where the
 * input is BFLOAT16.
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
            Tensor weight,
            Tensor bias,
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
    public static Tensor groupNorm(Tensor x, long groups, Tensor weight, Tensor bias, double epsilon) {
        return Tensor.wrap(torch.group_norm(
                x.handle(), groups, Functional.optional(weight), Functional.optional(bias), epsilon, false));
    }
}
