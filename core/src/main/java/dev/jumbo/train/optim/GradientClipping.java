package dev.jumbo.train.optim;

import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Keeps a step from being too large, in a training loop of one's own: {@link ClipByValue}, {@link ClipByNorm}, or both in that
 * order of the components.
 *
 * @param maxValue each gradient is cut to plus or minus this, above 0; infinite for no cut
 * @param maxNorm limit of the Euclidean norm of all gradients, above 0; infinite for none
 */
public record GradientClipping(double maxValue, double maxNorm) {
    private static final GradientClipping NONE =
            new GradientClipping(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

    public GradientClipping {
        Range.require(maxValue > 0, "max_grad_value", "more than 0", maxValue);
        Range.require(maxNorm > 0, "max_grad_norm", "more than 0", maxNorm);
    }

    public static GradientClipping none() {
        return NONE;
    }

    public static GradientClipping byNorm(double maxNorm) {
        return new GradientClipping(Double.POSITIVE_INFINITY, maxNorm);
    }

    public static GradientClipping byValue(double maxValue) {
        return new GradientClipping(maxValue, Double.POSITIVE_INFINITY);
    }

    /**
     * Changes the gradients in place.
     *
     * @param gradients of all parameters, flat
     * @return their norm before it was limited; NaN if there is no limit, as computing it takes time
     */
    public double apply(Tensor gradients) {
        return apply(gradients, DoubleUnaryOperator.identity());
    }

    /**
     * As {@link #apply(Tensor)}, for a part of the gradients.
     *
     * @param total from the squared norm of this part to that of all parts, wherever they are; not called without a limit
     */
    public double apply(Tensor gradients, DoubleUnaryOperator total) {
        RandomState nothing = RandomState.of(0);
        StepGradients all = new StepGradients(List.of(gradients), total, 0, Double.NaN);
        try (Scope scope = Scope.open()) {
            if (maxValue != Double.POSITIVE_INFINITY) {
                new ClipByValue(maxValue).step(all, nothing);
            }
            if (maxNorm != Double.POSITIVE_INFINITY) {
                new ClipByNorm(maxNorm).step(all, nothing);
            }
        }
        return all.lastNorm();
    }
}
