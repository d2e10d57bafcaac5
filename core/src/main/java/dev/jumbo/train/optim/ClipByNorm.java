package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.tensor.RandomState;

/**
 * Scales all gradients together by {@code min(1, max_norm / (norm + 1e-6))} (Pascanu et al., 2013, algorithm 1; the constant
 * is PyTorch's).
 *
 * @param maxNorm limit of the Euclidean norm of all gradients, above 0
 */
@Kind("clip_by_norm")
@Doc("Scales gradients down to a norm.")
public record ClipByNorm(
        @Doc("Limit of the Euclidean norm.") @Default("1.0") double maxNorm) implements GradientRule {
    private static final double PYTORCHS = 1e-6;

    /** @throws dev.jumbo.error.InputException if the limit is not above 0 */
    public ClipByNorm {
        Range.require(maxNorm > 0, "max_grad_norm", "more than 0", maxNorm);
    }

    @Override
    public void step(StepGradients gradients, RandomState random) {
        double scale = maxNorm / (gradients.norm() + PYTORCHS);
        if (scale < 1) {
            gradients.scale(scale);
        }
    }
}
