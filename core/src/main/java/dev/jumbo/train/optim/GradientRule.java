package dev.jumbo.train.optim;

import dev.jumbo.config.ListsKinds;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Tensor;
import java.util.List;

/**
 * What happens to gradients between back-propagation and the optimizer's step: {@code train.gradient_rules}, in order. A record
 * with a {@link dev.jumbo.config.Kind}.
 */
public interface GradientRule {
    /** Those that files may name. */
    @ListsKinds
    static List<Class<? extends GradientRule>> kinds() {
        return List.of(ClipByNorm.class, ClipByValue.class, ClipExamples.class);
    }

    /** What a rule looks at before the gradients of examples are added up. */
    enum Looks {
        /** At the gradients of the step alone. */
        AT_STEP,
        /** At the norm of each example's gradient: {@link GradientRule#factors} is asked. */
        AT_NORMS,
        /** At each example's gradient written out, which takes the memory of as many models as the batch has examples: {@link GradientRule#example} is asked. */
        AT_GRADIENTS
    }

    /** What it looks at. Gradients per example take time, and layers that say how theirs follow ({@link dev.jumbo.nn.PerExample}). */
    default Looks looks() {
        return Looks.AT_STEP;
    }

    /**
     * What the gradient of each example is multiplied by before they are added up. Called without recording, in a scope.
     *
     * @param norms {@code [N]}, FLOAT32: the Euclidean norm of the gradient of each example's own loss by all parameters
     * @return {@code [N]}
     */
    default Tensor factors(Tensor norms) {
        return Tensor.ones(norms.shape()).to(norms.device());
    }

    /**
     * Changes the gradients of examples in place, before they are added up. Called without recording, in a scope.
     *
     * @param gradients {@code [N, values]}, FLOAT32: row i is the gradient of the loss of example i alone
     */
    default void example(Tensor gradients) {}

    /**
     * Changes the gradients of a step in place, which are those of the mean loss of all workers; called without recording, in a
     * scope, alike on every worker.
     *
     * @param random of this step and rule, the same on every worker and in a resumed run
     */
    void step(StepGradients gradients, RandomState random);
}
