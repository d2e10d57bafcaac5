package dev.jumbo.train.optim;

import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;

/**
 * Keeps a step from being too large: scales all gradients together where their norm is above a limit (Pascanu et al.,
 * 2013, algorithm 1), or cuts each value, or both in that order of the components.
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
        if (maxValue != Double.POSITIVE_INFINITY) {
            gradients.clamp_(-maxValue, maxValue);
        }
        return maxNorm == Double.POSITIVE_INFINITY ? Double.NaN : limitNorm(gradients, total);
    }

    private double limitNorm(Tensor gradients, DoubleUnaryOperator total) {
        try (Scope scope = Scope.open()) {
            double own = gradients.norm().item();
            double norm = Math.sqrt(total.applyAsDouble(own * own));
            double scale = maxNorm / (norm + 1e-6); // PyTorch's constant
            if (scale < 1) {
                gradients.mul_(scale);
            }
            return norm;
        }
    }
}
