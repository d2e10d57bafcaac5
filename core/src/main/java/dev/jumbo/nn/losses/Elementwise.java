package dev.jumbo.nn.losses;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Target;
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

    /** The mean of each example of what each value lost: {@code [N]}. */
    static Tensor means(Tensor each) {
        return each.rank() < 2 ? each : each.flatten(1, -1).mean(false, 1);
    }

    /** @throws ShapeException if values cannot be compared one by one */
    static void check(String kind, Shape outputs, Shape targets) {
        if (!squeezed(outputs, targets).equals(squeezed(targets, outputs))) {
            throw new ShapeException(kind + " targets", outputs + ", the shape of the outputs", targets);
        }
    }

    /** As {@link #check(String, Shape, Shape)}, of a loss of numbers. @throws InputException if the target is none */
    static void checkNumbers(String kind, Shape outputs, Target target) {
        if (!target.isNumbers()) {
            int classes = target.classes().size();
            throw new InputException(kind + ": expected numbers, but " + target.described()
                    + "; write loss: cross_entropy with "
                    + (classes > 0 ? "a last layer dense: " + classes : "an output for each class")
                    + "; if its values are numbers, say so (a table: columns: {" + target.name()
                    + ": number}; in Java: Field.floats)");
        }
        Shape wanted = target.shape();
        if (!squeezed(outputs, wanted).equals(squeezed(wanted, outputs))) {
            throw new ShapeException(
                    kind + ": the model's output for " + target.name(),
                    wanted.rank() == 0 ? "one value" : wanted + ", the shape of the target",
                    outputs
                            + (outputs.rank() == Math.max(1, wanted.rank())
                                    ? "; set the last layer's units to " + (wanted.rank() == 0 ? 1 : wanted.size(-1))
                                    : "")
                            + "; " + target.asClasses());
        }
    }

    private static Shape squeezed(Shape shape, Shape other) {
        boolean extra = shape.rank() == other.rank() + 1 && shape.size(-1) == 1;
        return extra ? shape.without(shape.rank() - 1) : shape;
    }
}
