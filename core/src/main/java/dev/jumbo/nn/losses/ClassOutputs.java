package dev.jumbo.nn.losses;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Target;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;

/** What losses of classes ask of outputs and targets, and what they advise. */
final class ClassOutputs {
    /** How far the sum of float32 probabilities may be from 1. */
    private static final double ROUNDING = 1e-3;

    private ClassOutputs() {}

    /** @param shape of the network's output @param axis of the classes @throws InputException unless there is one for each of two classes or more */
    static void check(String loss, Shape shape, int axis, Target target) {
        long outputs = shape.size(axis);
        int classes = target.classes().size();
        if (classes == 1) {
            throw new InputException(loss + ": expected two classes or more to tell apart, but " + target.name()
                    + " has only \"" + target.classes().get(0) + "\"; check the data");
        }
        String binary = classes == 0 || classes == 2
                ? ", or write loss: binary_cross_entropy for one output that tells two classes apart"
                : "";
        if (classes > 0 && outputs != classes) {
            throw new ShapeException(
                    "the model's output for " + target.name(),
                    classes + " values, one for each class",
                    shape + "; set the last layer's units to " + classes + (outputs == 1 ? binary : ""));
        }
        if (outputs < 2) {
            throw new ShapeException(
                    "the model's output for " + target.name(),
                    "two values or more, one for each class",
                    shape + ", whose probability is always 1; set the last layer's units to the number of classes"
                            + binary);
        }
    }

    /** The last layer that gives outputs of a shape: {@code dense: 1}. */
    static String units(Shape target) {
        return "a last layer dense: " + (target.rank() == 0 ? 1 : target.size(-1));
    }

    /** Whether values are not below 0 and add up to 1 along the axis of the classes. @param axis 1 for the first, or -1 */
    static boolean areProbabilities(double[] values, Shape shape, int axis) {
        if (shape.rank() == 0) {
            return false;
        }
        int classes = Math.toIntExact(shape.size(axis == 1 ? 0 : -1));
        int positions = values.length / classes;
        for (int p = 0; p < positions; p++) {
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                double value = values[axis == 1 ? c * positions + p : p * classes + c];
                if (!(value >= -ROUNDING)) {
                    return false;
                }
                sum += value;
            }
            if (!(Math.abs(sum - 1) <= ROUNDING)) {
                return false;
            }
        }
        return true;
    }
}
