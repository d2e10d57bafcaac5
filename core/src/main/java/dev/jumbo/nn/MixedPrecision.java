package dev.jumbo.nn;

import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Tensor;
import java.util.List;

/**
 * What passes compute with in mixed precision: a bf16 copy of weights and biases, with gradients in bf16, and the norms
 * in fp32, which lie behind them in the order of memory.
 *
 * @param values in bf16, from the first weight on
 * @param gradients in bf16, like the values
 * @param norms in fp32
 * @param normGradients in fp32, like the norms
 * @param firstNorm the norms' place behind weights and biases
 */
record MixedPrecision(Tensor values, Tensor gradients, Tensor norms, Tensor normGradients, long firstNorm) {
    /** Beside all fp32 values and gradients, of which the norms are views. */
    static MixedPrecision beside(Tensor values, Tensor gradients, long firstNorm) {
        Tensor low = values.narrow(0, 0, firstNorm).to(DType.BFLOAT16);
        long norms = values.elements() - firstNorm;
        return new MixedPrecision(
                low,
                low.copy().zero_(),
                values.narrow(0, firstNorm, norms),
                gradients.narrow(0, firstNorm, norms),
                firstNorm);
    }

    /**
     * In the place of all fp32 values. The bf16 copy is as long as they are, so that workers can gather it in equal
     * parts; what stands there for the norms is not used.
     */
    static MixedPrecision insteadOf(Tensor values, long firstNorm) {
        Tensor low = values.to(DType.BFLOAT16);
        Tensor norms =
                values.narrow(0, firstNorm, values.elements() - firstNorm).copy();
        return new MixedPrecision(low, low.copy().zero_(), norms, norms.copy().zero_(), firstNorm);
    }

    /** The view of a parameter's values or gradients that passes compute with. */
    Tensor part(Parameter.Role role, FlatRange range, boolean ofGradients) {
        return role == Parameter.Role.NORM
                ? range.relativeTo(firstNorm).of(ofGradients ? normGradients : norms)
                : range.of(ofGradients ? gradients : values);
    }

    /** Takes over changed fp32 values. */
    void update(Tensor changed, FlatRange range) {
        FlatRange low = range.intersect(FlatRange.whole(firstNorm));
        if (!low.isEmpty()) {
            low.of(values).copy_(low.relativeTo(range.start()).of(changed));
        }
        FlatRange behind = range.intersect(new FlatRange(firstNorm, firstNorm + norms.elements()));
        if (!behind.isEmpty()) {
            behind.relativeTo(firstNorm)
                    .of(norms)
                    .copy_(behind.relativeTo(range.start()).of(changed));
        }
    }

    /** Sets all gradients to zero. */
    void zeroGradients() {
        gradients.zero_();
        normGradients.zero_();
    }

    /** Adds the bf16 gradients of a range to those in fp32 beside them, and clears them. */
    void gatherInto(Tensor all, FlatRange range) {
        FlatRange low = range.intersect(FlatRange.whole(firstNorm));
        if (!low.isEmpty()) {
            low.of(all).add_(low.of(gradients));
            low.of(gradients).zero_();
        }
    }

    List<Tensor> tensors() {
        return List.of(values, gradients, norms, normGradients);
    }
}
