package dev.jumbo.tensor;

import dev.jumbo.error.InputException;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.jspecify.annotations.Nullable;

/** PyTorch's {@code torch.nn.functional}, as far as Jumbo's layers need it, each operation on its fastest path. */
public final class Functional {
    private static final long[] ONE = {1, 1};
    private static final long[] ZERO = {0, 0};

    private Functional() {}

    // ---- inputs and outputs ---------------------------------------------------------------------------------------

    /** Brings an input to the form that networks compute with: images channels-last, floats in the type of the computation. */
    public static Tensor prepareInput(Tensor x, DType computing) {
        Tensor typed = x.dtype() == DType.FLOAT32 && computing != DType.FLOAT32 ? x.to(computing) : x;
        return typed.rank() == 4 ? channelsLast(typed) : typed;
    }

    /** The same values as FLOAT32 where they are BFLOAT16; itself otherwise. */
    public static Tensor toFloat32(Tensor x) {
        return x.dtype() == DType.BFLOAT16 ? x.to(DType.FLOAT32) : x;
    }

    /** {@code [N, C, H, W]} with C innermost in memory. */
    public static Tensor channelsLast(Tensor x) {
        if (x.size(1) == 1 && x.isContiguous()) {
            // One channel: the strides are ambiguous and libtorch's own conversion would leave the slow ones.
            return x.view(x.size(0), x.size(2), x.size(3), 1).permute(0, 3, 1, 2);
        }
        return Tensor.wrap(x.handle().contiguous(MemoryFormat.ChannelsLast));
    }

    // ---- linear --------------------------------------------------------------------------------------------------

    /**
     * {@code x W^T + b}. In fp32 it runs as a 1x1 convolution, which reaches oneDNN on all cores where libtorch's own
     * product stays on one.
     *
     * @param x {@code [..., in]}
     * @param weight {@code [out, in]}
     * @param bias {@code [out]} or null
     * @return {@code [..., out]}
     */
    public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        long in = weight.size(1);
        long out = weight.size(0);
        if (in == 0 || x.size(-1) != in) {
            throw new InputException("linear: expected values of " + in + " (1 or more) for a weight " + weight.shape()
                    + ", received " + x.shape());
        }
        if (isPlainLinear(x, weight)) {
            return Tensor.wrap(torch.linear(x.handle(), weight.handle(), optional(bias)));
        }
        long[] shape = x.shape().toArray();
        shape[shape.length - 1] = out;
        var kernel = weight.handle().view(out, in, 1, 1);
        var y = torch.conv2d(asImage(x).handle(), kernel, optional(bias), ONE, ZERO, ONE, 1);
        return Tensor.wrap(y.permute(0, 2, 3, 1).reshape(shape));
    }

    /** Whether {@link #linear} is libtorch's own product. */
    static boolean isPlainLinear(Tensor x, Tensor weight) {
        return x.dtype() == DType.FLOAT64
                || x.elements() < 8 * weight.size(1)
                || weight.size(0) < 16
                || x.handle().is_cuda();
    }

    /** Rows as an image of one line with a channel for each column. */
    static Tensor asImage(Tensor x) {
        long width = x.size(-1);
        return x.reshape(1, 1, x.elements() / width, width).permute(0, 3, 1, 2);
    }

    // ---- activations ----------------------------------------------------------------------------------------------

    public static Tensor relu(Tensor x) {
        return Tensor.wrap(x.handle().relu());
    }

    /** Overwrites its argument, which saves memory traffic; only for a tensor that no gradient formula needs again. */
    public static Tensor relu_(Tensor x) {
        x.handle().relu_();
        return x;
    }

    /** x where it is positive, {@code slope * x} elsewhere. */
    public static Tensor leakyRelu(Tensor x, double slope) {
        return Tensor.wrap(torch.leaky_relu(x.handle(), scalar(slope)));
    }

    /** x where it is positive, {@code alpha * (exp(x) - 1)} elsewhere (Clevert et al., 2016). */
    public static Tensor elu(Tensor x, double alpha) {
        return Tensor.wrap(torch.elu(x.handle(), scalar(alpha), scalar(1), scalar(1)));
    }

    /** {@code x * Phi(x)} with the normal distribution's Phi (Hendrycks, Gimpel, 2016), by the error function. */
    public static Tensor gelu(Tensor x) {
        return Tensor.wrap(torch.gelu(x.handle()));
    }

    /** {@code x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))}: the approximation that GPT-2 and BERT's first code use. */
    public static Tensor geluTanh(Tensor x) {
        return Tensor.wrap(torch.gelu(x.handle(), "tanh"));
    }

    /** {@code x * sigmoid(x)}, also known as swish. */
    public static Tensor silu(Tensor x) {
        return Tensor.wrap(torch.silu(x.handle()));
    }

    public static Tensor sigmoid(Tensor x) {
        return Tensor.wrap(x.handle().sigmoid());
    }

    /** {@code log sigmoid(x)}, exact for large |x|. */
    public static Tensor logSigmoid(Tensor x) {
        return Tensor.wrap(torch.log_sigmoid(x.handle()));
    }

    public static Tensor tanh(Tensor x) {
        return Tensor.wrap(x.handle().tanh());
    }

    /** Sines, then cosines, side by side. @param angles {@code [..., d]} @return {@code [..., 2 d]} */
    public static Tensor sinusoids(Tensor angles) {
        Tensor sines = Tensor.wrap(angles.handle().sin());
        return Tensor.cat(List.of(sines, Tensor.wrap(angles.handle().cos())), angles.rank() - 1);
    }

    public static Tensor softmax(Tensor x, int dim) {
        return Tensor.wrap(torch.softmax(x.handle(), dim));
    }

    public static Tensor logSoftmax(Tensor x, int dim) {
        return Tensor.wrap(torch.log_softmax(x.handle(), dim));
    }

    /** Zeroes each value with a probability and scales the others by 1 / (1 - probability), in training; otherwise nothing. */
    public static Tensor dropout(Tensor x, double probability, boolean training) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new InputException("expected a probability of dropout from 0 to 1, received " + probability);
        }
        if (!training || probability == 0 || x.elements() == 0) {
            return x;
        }
        if (probability == 1) {
            return x.mul(0);
        }
        // As libtorch does it, but from this thread's generator.
        var kept = torch.empty_like(x.handle()).bernoulli_(1 - probability, Draws.of(x.handle()));
        return Tensor.wrap(x.handle().mul(kept.div_(scalar(1 - probability))));
    }

    /**
     * Rows of a table.
     *
     * @param ids any shape, INT64, from 0 to below the number of rows
     * @param table {@code [rows, width]}
     * @param paddingId row that gets no gradient, or -1
     * @return the shape of ids with a last dimension of width
     */
    public static Tensor embedding(Tensor ids, Tensor table, long paddingId) {
        return Tensor.wrap(torch.embedding(table.handle(), ids.handle(), paddingId, false, false));
    }

    // ---- losses ---------------------------------------------------------------------------------------------------

    /**
     * Cross-entropy of logits, averaged as PyTorch averages.
     *
     * @param logits {@code [N, classes, ...]}
     * @param targets class ids {@code [N, ...]} INT64, or probabilities of the logits' shape
     * @param classWeights {@code [classes]} or null
     * @param ignoreIndex class id that does not count
     * @param labelSmoothing 0 to 1
     */
    public static Tensor crossEntropy(
            Tensor logits, Tensor targets, @Nullable Tensor classWeights, long ignoreIndex, double labelSmoothing) {
        return Tensor.wrap(torch.cross_entropy_loss(
                logits.handle(), targets.handle(), optional(classWeights), 1, ignoreIndex, labelSmoothing));
    }

    /** {@code log sum exp x} along a dimension, which goes away. */
    public static Tensor logSumExp(Tensor x, int dim) {
        return Tensor.wrap(torch.logsumexp(x.handle(), new long[] {dim}, false));
    }

    /** As {@link #crossEntropy}, of each position for itself, {@code [N, ...]}: times the weight of its class, 0 where ignored. */
    public static Tensor crossEntropyEach(
            Tensor logits, Tensor targets, @Nullable Tensor classWeights, long ignoreIndex, double labelSmoothing) {
        return Tensor.wrap(torch.cross_entropy_loss(
                logits.handle(), targets.handle(), optional(classWeights), 0, ignoreIndex, labelSmoothing));
    }

    /**
     * Scaled dot-product attention {@code softmax(scale q k^T + mask) v}; layers use {@link Attentions}, which knows the
     * fast path of each type.
     *
     * @param mask added to the scores, or null
     * @param dropout probability with which a weight of the softmax is dropped now
     * @param causal whether a step sees only itself and those before it
     * @param scale null for 1 / sqrt(head size)
     * @throws InputException if queries, keys and values do not fit each other: the native kernel would read past their memory
     */
    public static Tensor attention(
            Tensor q,
            Tensor k,
            Tensor v,
            @Nullable Tensor mask,
            double dropout,
            boolean causal,
            @Nullable Double scale) {
        boolean fit = q.rank() == 4
                && k.shape().slice(0, 3).equals(v.shape().slice(0, 3))
                && q.shape().slice(0, 2).equals(k.shape().slice(0, 2))
                && q.size(3) == k.size(3);
        if (!fit) {
            throw new InputException("attention: expected queries [N, heads, T, d], keys [N, heads, S, d] and values"
                    + " [N, heads, S, e], received " + q.shape() + ", " + k.shape() + " and " + v.shape());
        }
        Supplier<org.bytedeco.pytorch.Tensor> attention = () -> torch.scaled_dot_product_attention(
                q.handle(),
                k.handle(),
                v.handle(),
                optional(mask),
                dropout,
                causal,
                scale == null ? new DoubleOptional() : new DoubleOptional(scale),
                false);
        return Tensor.wrap(dropout > 0 ? Draws.throughDefault(attention) : attention.get());
    }

    static TensorOptional optional(@Nullable Tensor tensor) {
        return tensor == null ? Native.NONE : new TensorOptional(tensor.handle());
    }

    /** A native scalar in the current scope. */
    static Scalar scalar(double value) {
        return new Scalar(value);
    }
}
