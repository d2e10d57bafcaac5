package dev.jumbo.nn.losses;

import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;

/**
 * Losses that compare values one by one. Shapes are equal, or one has a last dimension of 1 more: a network that ends in
 * one unit gives {@code [N, 1]} where a column of targets is {@code [N]}. Without care the two would broadcast to N x N.
 */
final class Elementwise {
    private Elementwise() {}

    /** The targets in the outputs' shape and type. */
    static Tensor align(Tensor targets, Tensor outputs) {
        Tensor typed = targets.dtype() == outputs.dtype() ? targets : targets.to(outputs.dtype());
        return typed.rank() == outputs.rank()
                ? typed
                : typed.reshape(outputs.shape().toArray());
    }

    /** @throws ShapeException if values cannot be compared one by one */
    static void check(String kind, Shape outputs, Shape targets) {
        if (!squeezed(outputs, targets).equals(squeezed(targets, outputs))) {
            throw new ShapeException(kind + " targets", outputs + ", the shape of the outputs", targets);
        }
    }

    private static Shape squeezed(Shape shape, Shape other) {
        boolean extra = shape.rank() == other.rank() + 1 && shape.size(-1) == 1;
        return extra ? shape.without(shape.rank() - 1) : shape;
    }
}
