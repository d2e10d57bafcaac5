package dev.jumbo.tensor;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions and pooling, as in PyTorch's {@code torch.nn.functional}. Sizes, steps and paddings have one number for
 * each spatial dimension: one for {@code [N, C, L]}, two for {@code [N, C, H, W]}.
 */
public final class Convolutions {
    private static final long[] ONE = {1};
    private static final long[] ONES = {1, 1};

    private Convolutions() {}

    /**
     * Two-dimensional convolution (cross-correlation).
     *
     * @param x {@code [N, C, H, W]}
     * @param weight {@code [out, C / groups, kernel height, kernel width]}
     * @param bias {@code [out]} or null
     * @return {@code [N, out, H', W']}
     */
    public static Tensor conv2d(
            Tensor x,
            Tensor weight,
            @Nullable Tensor bias,
            long[] stride,
            long[] padding,
            long[] dilation,
            long groups) {
        return Tensor.wrap(torch.conv2d(
                x.handle(), weight.handle(), Functional.optional(bias), stride, padding, dilation, groups));
    }

    /** As {@link #conv2d} over {@code [N, C, L]}, with a weight {@code [out, C / groups, kernel]}. */
    public static Tensor conv1d(
            Tensor x,
            Tensor weight,
            @Nullable Tensor bias,
            long[] stride,
            long[] padding,
            long[] dilation,
            long groups) {
        return Tensor.wrap(torch.conv1d(
                x.handle(), weight.handle(), Functional.optional(bias), stride, padding, dilation, groups));
    }

    /**
     * The gradient of {@link #conv2d} with respect to its input, used as a layer.
     *
     * @param x {@code [N, C, H, W]}
     * @param weight {@code [C, out / groups, kernel height, kernel width]}
     * @param outputPadding rows and columns added at the end of the result
     * @return {@code [N, out, H', W']}, {@code H' = (H - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1}
     */
    public static Tensor convTranspose2d(
            Tensor x,
            Tensor weight,
            @Nullable Tensor bias,
            long[] stride,
            long[] padding,
            long[] outputPadding,
            long groups,
            long[] dilation) {
        return Tensor.wrap(torch.conv_transpose2d(
                x.handle(),
                weight.handle(),
                Functional.optional(bias),
                stride,
                padding,
                outputPadding,
                groups,
                dilation));
    }

    /** As {@link #convTranspose2d} over {@code [N, C, L]}, with a weight {@code [C, out / groups, kernel]}. */
    public static Tensor convTranspose1d(
            Tensor x,
            Tensor weight,
            @Nullable Tensor bias,
            long[] stride,
            long[] padding,
            long[] outputPadding,
            long groups,
            long[] dilation) {
        return Tensor.wrap(torch.conv_transpose1d(
                x.handle(),
                weight.handle(),
                Functional.optional(bias),
                stride,
                padding,
                outputPadding,
                groups,
                dilation));
    }

    /** The largest value of each window. Padding counts as minus infinity and is at most half of the kernel. */
    public static Tensor maxPool2d(Tensor x, long[] kernel, long[] stride, long[] padding) {
        return Tensor.wrap(torch.max_pool2d(x.handle(), kernel, stride, padding, ONES, false));
    }

    /** As {@link #maxPool2d} over {@code [N, C, L]}. */
    public static Tensor maxPool1d(Tensor x, long[] kernel, long[] stride, long[] padding) {
        return Tensor.wrap(torch.max_pool1d(x.handle(), kernel, stride, padding, ONE, false));
    }

    /** The mean of each window. @param countPadding whether zeros that were added count as values, as PyTorch's default is */
    public static Tensor avgPool2d(Tensor x, long[] kernel, long[] stride, long[] padding, boolean countPadding) {
        return Tensor.wrap(
                torch.avg_pool2d(x.handle(), kernel, stride, padding, false, countPadding, new LongOptional()));
    }

    /** The sum of each window. */
    public static Tensor sumPool2d(Tensor x, long[] kernel, long[] stride) {
        return Tensor.wrap(
                torch.avg_pool2d(x.handle(), kernel, stride, new long[] {0, 0}, false, true, new LongOptional(1)));
    }

    /** Surrounds a tensor with a constant. @param sides pairs (before, after), the last dimension's first */
    public static Tensor pad(Tensor x, long[] sides, double value) {
        return Tensor.wrap(torch.constant_pad_nd(x.handle(), sides, Functional.scalar(value)));
    }
}
