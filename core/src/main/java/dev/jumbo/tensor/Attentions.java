package dev.jumbo.tensor;

import dev.jumbo.error.InputException;
import org.bytedeco.pytorch.global.torch;

/** Scaled dot-product attention (Vaswani et al., 2017, equation 1), on the fast path of each type. */
public final class Attentions {
    /** Finite, because a row of nothing but infinities would become NaN; far below every product. */
    private static final double MASKED = -1e9;

    private Attentions() {}

    /**
     * {@code softmax(q k^T / sqrt(d)) v} of a sequence with itself, for each head.
     *
     * @param qkv {@code [N, T, 3 * heads * d]}: queries, keys and values side by side
     * @param causal whether a step sees only itself and those before it
     * @param dropout probability with which a weight of the softmax is dropped now; 0 outside training
     * @return {@code [N, T, heads * d]}
     */
    public static Tensor self(Tensor qkv, int heads, boolean causal, double dropout) {
        if (heads < 1 || qkv.rank() != 3 || qkv.size(2) % (3L * heads) != 0) {
            throw new InputException("attention: expected [N, T, 3 * heads * d] for " + heads
                    + " heads (1 or more), received " + qkv.shape());
        }
        long n = qkv.size(0);
        long steps = qkv.size(1);
        long d = qkv.size(2) / 3 / heads;
        Tensor split = qkv.view(n, steps, 3, heads, d).permute(2, 0, 3, 1, 4);
        Tensor q = split.select(0, 0);
        Tensor k = split.select(0, 1);
        Tensor v = split.select(0, 2);
        Tensor y = qkv.dtype() == DType.BFLOAT16 && qkv.device().type() == Device.Type.CPU
                ? writtenOut(q, k, v, causal, dropout)
                : Functional.attention(q, k, v, null, dropout, causal, null);
        return y.transpose(1, 2).reshape(n, steps, heads * d);
    }

    /** The CPU's flash kernel of this build takes 28 times as long in bf16 as three separate products. */
    private static Tensor writtenOut(Tensor q, Tensor k, Tensor v, boolean causal, double dropout) {
        long[] shape = q.shape().toArray();
        long batch = shape[0] * shape[1];
        long steps = shape[2];
        long d = shape[3];
        Tensor queries = q.reshape(batch, steps, d);
        Tensor keys = k.reshape(batch, steps, d).transpose(1, 2);
        Tensor values = v.reshape(batch, steps, d);
        var scores = torch.baddbmm(
                mask(steps, causal, q.dtype()).to(q.device()).handle(),
                queries.handle(),
                keys.handle(),
                Functional.scalar(1),
                Functional.scalar(1 / Math.sqrt(d)));
        Tensor weights = Functional.softmax(Tensor.wrap(scores), -1);
        Tensor kept = Functional.dropout(weights, dropout, dropout > 0);
        return Tensor.wrap(torch.bmm(kept.handle(), values.handle())).view(shape);
    }

    /** What is added to the scores. */
    private static Tensor mask(long steps, boolean causal, DType dtype) {
        return causal
                ? Tensor.wrap(Tensor.full(Shape.of(1, steps, steps), MASKED, dtype)
                        .handle()
                        .triu(1))
                : Tensor.zeros(Shape.of(1, 1, 1), dtype);
    }
}
