package dev.jumbo.nn;

import dev.jumbo.nn.each.ExampleGradients;
import dev.jumbo.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * How an operation with parameters gives the gradient of each example's loss by them, all at once: from what it was given and the
 * gradient of what it made. A layer says so in its forward pass, right behind the operation:
 *
 * <pre>{@code
 * return (x, pass) -> {
 *     Tensor y = Functional.linear(x, weight.tensor(), bias.tensor());
 *     return pass.perExample(y, (gradient, into) -> {
 *         into.add(weight, Products.of(gradient, x));
 *         into.add(bias, Rows.lastDimension(gradient));
 *     });
 * };
 * }</pre>
 *
 * <p>It is asked only where gradients per example are wanted ({@link PerExampleGradients}), after back-propagation.
 */
@FunctionalInterface
public interface PerExample {
    /**
     * @param output the gradient of the loss of the batch by the operation's output; row i depends on example i alone
     * @param into takes what each parameter gets
     */
    void gradients(Tensor output, Into into);

    /** Takes the gradients of one operation's parameters. */
    @FunctionalInterface
    interface Into {
        /**
         * Adds one use of a parameter; what several uses add is summed.
         *
         * @param parameter null where the layer does without it, as without a bias
         */
        void add(@Nullable Parameter parameter, ExampleGradients gradients);
    }

    /** Follows the operations of a pass. */
    @FunctionalInterface
    interface Follower {
        /** @return the output to go on with */
        Tensor follow(Tensor output, PerExample how);
    }
}
