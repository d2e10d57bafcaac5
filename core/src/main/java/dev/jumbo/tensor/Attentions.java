package dev.jumbo.tensor;

import dev.jumbo.error.InputException;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

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
        return of(q, k, v, null, causal, dropout).transpose(1, 2).reshape(n, steps, heads * d);
    }

    /**
     * {@code softmax(q k^T / sqrt(d) + m) v} for each head, where m leaves out what may not be seen. Queries are the last T of S
     * steps where {@code causal}: query i is at step {@code S - T + i}.
     *
     * @param q {@code [N, heads, T, d]}
     * @param k {@code [N, groups, S, d]}; groups divides heads, each of which serves as many heads (Ainslie et al., 2023)
     * @param v {@code [N, groups, S, e]}
     * @param seen BOOL {@code [N, S]}, true for keys that may be seen, or {@code [N, T, S]} with a row for each query; null for all. A query
     *     that may see none gets a mean of all
     * @param causal whether a step sees only itself and those before it
     * @param dropout probability with which a weight of the softmax is dropped now; 0 outside training
     * @return {@code [N, heads, T, e]}
     */
    public static Tensor of(Tensor q, Tensor k, Tensor v, @Nullable Tensor seen, boolean causal, double dropout) {
        return of(q, k, v, seen, causal, dropout, null, null);
    }

    /**
     * As {@link #of(Tensor, Tensor, Tensor, Tensor, boolean, double)}, {@code softmax(scale q k^T + b + m) v}.
     *
     * @param bias b, {@code [1, heads, T, S]}, or null for none
     * @param scale null for {@code 1 / sqrt(d)}
     */
    public static Tensor of(
            Tensor q,
            Tensor k,
            Tensor v,
            @Nullable Tensor seen,
            boolean causal,
            double dropout,
            @Nullable Tensor bias,
            @Nullable Double scale) {
        return of(q, k, v, seen, causal, Integer.MAX_VALUE, dropout, bias, scale);
    }

    /**
     * As {@link #of(Tensor, Tensor, Tensor, Tensor, boolean, double)}, where a step sees no further back than a window (Beltagy et al.,
     * 2020).
     *
     * @param window steps that a step sees where {@code causal}, itself among them; 1 or more
     */
    public static Tensor windowed(
            Tensor q, Tensor k, Tensor v, @Nullable Tensor seen, boolean causal, int window, double dropout) {
        return of(q, k, v, seen, causal, window, dropout, null, null);
    }

    private static Tensor of(
            Tensor q,
            Tensor k,
            Tensor v,
            @Nullable Tensor seen,
            boolean causal,
            int window,
            double dropout,
            @Nullable Tensor bias,
            @Nullable Double scale) {
        long heads = q.size(1);
        if (k.size(1) == 0 || heads % k.size(1) != 0) {
            throw new InputException(
                    "attention: expected a number of heads that is a multiple of that of keys, received " + q.shape()
                            + " and " + k.shape());
        }
        Tensor keys = repeated(k, heads);
        Tensor values = repeated(v, heads);
        long steps = q.size(2);
        long all = k.size(2);
        boolean writtenOut = q.dtype() == DType.BFLOAT16 && q.device().type() == Device.Type.CPU;
        boolean later = causal && steps > 1;
        double factor = scale == null ? 1 / Math.sqrt(q.size(3)) : scale;
        boolean windowed = causal && window < all;
        if (bias == null && seen == null && !windowed && (!later || steps == all)) {
            return writtenOut
                    ? writtenOut(q, keys, values, mask(steps, later, q.dtype()).to(q.device()), dropout, factor)
                    : Functional.attention(q, keys, values, null, dropout, later, scale);
        }
        Tensor masked = added(seen, steps, all, later, windowed ? window : Integer.MAX_VALUE, q);
        Tensor added = bias == null ? masked : masked.add(bias.to(q.dtype()));
        return writtenOut
                ? writtenOut(q, keys, values, added, dropout, factor)
                : Functional.attention(q, keys, values, added, dropout, false, scale);
    }

    /** Each group's keys or values once for each of its heads. */
    private static Tensor repeated(Tensor k, long heads) {
        long groups = k.size(1);
        if (groups == heads) {
            return k;
        }
        long[] shape = k.shape().toArray();
        return k.unsqueeze(2)
                .expand(shape[0], groups, heads / groups, shape[2], shape[3])
                .reshape(shape[0], heads, shape[2], shape[3]);
    }

    /** What is added to the scores, {@code [N or 1, 1, T, S]}: 0, or far below them where a key may not be seen. */
    private static Tensor added(@Nullable Tensor seen, long steps, long all, boolean causal, int window, Tensor like) {
        // The way there takes several times the memory of what is left, which alone is held until the end of a step.
        try (Scope scope = Scope.open()) {
            return scope.keep(sum(seen, steps, all, causal, window, like));
        }
    }

    private static Tensor sum(@Nullable Tensor seen, long steps, long all, boolean causal, int window, Tensor like) {
        Tensor added = Tensor.zeros(Shape.of(1, 1, 1, 1), DType.FLOAT32).to(like.device());
        boolean windowed = window < all;
        if (causal || windowed) {
            Tensor full = Tensor.full(Shape.of(1, 1, steps, all), MASKED, DType.FLOAT32)
                    .to(like.device());
            added = Tensor.wrap(full.handle().triu(all - steps + 1));
            if (windowed) {
                added = added.add(Tensor.wrap(full.handle().tril(all - steps - window)));
            }
        }
        if (seen != null) {
            Tensor hidden =
                    seen.to(DType.FLOAT32).sub(1).mul(-MASKED).view(seen.size(0), 1, seen.rank() == 3 ? steps : 1, all);
            // Not twice as far: what no query sees, such as padding in front, would be no mean of all.
            added = added.add(hidden).clamp(MASKED, 0);
        }
        return added.expand(added.size(0), 1, steps, all).to(like.dtype());
    }

    /** For each head of each example, or one for all. */
    private static Tensor perHead(Tensor added, long batch, long heads) {
        long steps = added.size(2);
        long all = added.size(3);
        return added.size(0) == 1 && added.size(1) == 1
                ? added.view(1, steps, all)
                : added.expand(batch, heads, steps, all).reshape(batch * heads, steps, all);
    }

    /** The CPU's flash kernel of this build takes 28 times as long in bf16 as three separate products. */
    private static Tensor writtenOut(Tensor q, Tensor k, Tensor v, Tensor added, double dropout, double scale) {
        long[] shape = q.shape().toArray();
        long batch = shape[0] * shape[1];
        long steps = shape[2];
        long d = shape[3];
        long all = k.size(2);
        Tensor queries = q.reshape(batch, steps, d);
        Tensor keys = k.reshape(batch, all, d).transpose(1, 2);
        Tensor values = v.reshape(batch, all, v.size(3));
        Tensor scores;
        try (Scope scope = Scope.open()) {
            // The backward pass needs no copy of the mask for each head.
            scores = scope.keep(Tensor.wrap(torch.baddbmm(
                    perHead(added, shape[0], shape[1]).handle(),
                    queries.handle(),
                    keys.handle(),
                    Functional.scalar(1),
                    Functional.scalar(scale))));
        }
        Tensor weights = Functional.softmax(scores, -1);
        Tensor kept = Functional.dropout(weights, dropout, dropout > 0);
        return Tensor.wrap(torch.bmm(kept.handle(), values.handle())).view(shape[0], shape[1], steps, v.size(3));
    }

    /** What is added to the scores where nothing but what is later is hidden. */
    private static Tensor mask(long steps, boolean causal, DType dtype) {
        return causal
                ? Tensor.wrap(Tensor.full(Shape.of(1, 1, steps, steps), MASKED, dtype)
                        .handle()
                        .triu(1))
                : Tensor.zeros(Shape.of(1, 1, 1, 1), dtype);
    }
}
