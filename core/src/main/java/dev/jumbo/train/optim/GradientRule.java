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
        return List.of(ClipByNorm.class, ClipByValue.class);
    }

    /** Whether {@link #example} is to see the gradients of each example, which costs time and, at worst, their memory. */
    default boolean perExample() {
        return false;
    }

    /**
     * Changes the gradients of the examples of a batch in place, before they are added up; called where {@link #perExample} asks
     * for it, without recording, in a scope.
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
