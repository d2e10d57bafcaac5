package dev.jumbo.tensor;

import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The derivatives of operations, one by one: what back-propagation runs, for networks that know their own backward pass. Each is
 * the kernel that autograd would call with the same arguments, so the bits are the same; but where autograd would take new memory
 * for a gradient, these may take memory that is no longer needed.
 */
public final class Derivatives {
    private static final long[] ONE = {1, 1};
    private static final long[] ZERO = {0, 0};

    private Derivatives() {}

    /** Which derivatives of a product with weights are needed. Each is about a third of the work of a step. */
    public record Wanted(boolean input, boolean weight, boolean bias) {}

    /** The derivatives of a product with weights; null where they were not wanted. */
    public record OfWeights(
            @Nullable Tensor input,
            @Nullable Tensor weight,
            @Nullable Tensor bias) {}

    /**
     * Of {@link Convolutions#conv2d}.
     *
     * @param gradient with respect to its result
     * @param x its input
     */
    public static OfWeights conv2d(
            Wanted wanted,
            Tensor gradient,
            Tensor x,
            Tensor weight,
            long[] stride,
            long[] padding,
            long[] dilation,
            long groups) {
        BoolPointer mask = new BoolPointer(3);
        mask.put(0, wanted.input()).put(1, wanted.weight()).put(2, wanted.bias());
        T_TensorTensorTensor_T all = torch.convolution_backward(
                gradient.handle(),
                x.handle(),
                weight.handle(),
                wanted.bias() ? new LongArrayRefOptional(weight.size(0)) : new LongArrayRefOptional(),
                stride,
                padding,
                dilation,
                false,
                ZERO,
                groups,
                mask);
        return new OfWeights(
                wanted.input() ? Tensor.wrap(all.get0()) : null,
                wanted.weight() ? Tensor.wrap(all.get1()) : null,
                wanted.bias() ? Tensor.wrap(all.get2()) : null);
    }

    /** Of {@link Functional#linear}, of an input {@code [N, in]}. */
    public static OfWeights linear(Wanted wanted, Tensor gradient, Tensor x, Tensor weight) {
        if (Functional.isPlainLinear(x, weight)) {
            return new OfWeights(
                    wanted.input() ? gradient.matmul(weight) : null,
                    wanted.weight() ? gradient.transpose(0, 1).matmul(x) : null,
                    wanted.bias() ? gradient.sum(false, 0) : null);
        }
        long out = weight.size(0);
        long in = weight.size(1);
        Tensor kernel = weight.view(out, in, 1, 1);
        OfWeights all = conv2d(wanted, Functional.asImage(gradient), Functional.asImage(x), kernel, ONE, ZERO, ONE, 1);
        Tensor input = all.input();
        Tensor ofWeight = all.weight();
        return new OfWeights(
                input == null ? null : input.permute(0, 2, 3, 1).reshape(x.size(0), in),
                ofWeight == null ? null : ofWeight.view(out, in),
                all.bias());
    }

    /** Of {@link Functional#relu}, in the place of the gradient. @param y its result */
    public static Tensor relu_(Tensor gradient, Tensor y) {
        torch.threshold_backward_out(gradient.handle(), gradient.handle(), y.handle(), new Scalar(0));
        return gradient;
    }

    /**
     * The largest values of windows.
     *
     * @param values as {@link Convolutions#maxPool2d} gives them
     * @param places where in its image each of them stands, for the derivative
     */
    public record Pooled(Tensor values, Tensor places) {}

    /** {@link Convolutions#maxPool2d}, with what its derivative needs. */
    public static Pooled pooled(Tensor x, long[] kernel, long[] stride, long[] padding) {
        T_TensorTensor_T both = torch.max_pool2d_with_indices(x.handle(), kernel, stride, padding, ONE, false);
        return new Pooled(Tensor.wrap(both.get0()), Tensor.wrap(both.get1()));
    }

    /**
     * Of {@link Convolutions#maxPool2d}.
     *
     * @param x its input, of which the shape alone is needed
     * @param places as {@link #pooled} gave them
     * @param overwrite whether the result may take the memory of x. Of a first layer's output, which is larger than the second-level
     *     cache, that is a tenth of a small network's step
     */
    public static Tensor maxPool2d(
            Tensor gradient, Tensor x, Tensor places, long[] kernel, long[] stride, long[] padding, boolean overwrite) {
        if (overwrite) {
            torch.max_pool2d_with_indices_backward_out(
                    x.handle(), gradient.handle(), x.handle(), kernel, stride, padding, ONE, false, places.handle());
            return x;
        }
        return Tensor.wrap(torch.max_pool2d_with_indices_backward(
                gradient.handle(), x.handle(), kernel, stride, padding, ONE, false, places.handle()));
    }
}
