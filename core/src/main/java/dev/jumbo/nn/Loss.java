package dev.jumbo.nn;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** What training makes small, averaged over the batch. A record, as layers are: it names itself in the run's configuration. */
public interface Loss {
    /**
     * The loss of a batch, a scalar that gradients flow through.
     *
     * @param outputs what the network computed, {@code [N, ...]}, FLOAT32
     * @param targets what it should have been; the shape and type that the loss documents
     */
    Tensor of(Tensor outputs, Tensor targets);

    /**
     * What the mean of a batch counts beside that of another: the loss of two batches joined is {@code (w1 l1 + w2 l2) / (w1 +
     * w2)}. Its number of examples, unless examples count differently. Where it is 0, the loss itself is not defined.
     */
    default double weight(Tensor targets) {
        return targets.size(0);
    }

    /**
     * The loss of each example for itself, {@code [N]}, so that {@link #of} is its sum over that of {@link #weights}: what
     * examples of different weights need.
     *
     * @throws InputException if the loss does not say it
     */
    default Tensor each(Tensor outputs, Tensor targets) {
        throw new InputException(
                getClass().getSimpleName() + ": expected a loss that knows what single examples lose, for examples"
                        + " of different weights or gradients of single ones; a loss of a program's own says so by each(outputs,"
                        + " targets)");
    }

    /** What each example counts, of the sum {@link #weight}: 1, unless a target says otherwise. */
    default double[] weights(Tensor targets) {
        double[] ones = new double[Math.toIntExact(targets.size(0))];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** The id that fills up targets of ids that are shorter than the longest of their batch; empty where none is left out. */
    default OptionalLong padding() {
        return OptionalLong.empty();
    }

    /** Whether outputs of this shape can be compared with targets of that one, both without the batch. @throws dev.jumbo.tensor.ShapeException if not */
    default void check(Shape outputs, Shape targets) {}

    /**
     * Whether a model with this output can learn this target: by its meaning, and by the shapes as {@link #check(Shape,
     * Shape)}.
     *
     * @throws InputException if not, with what to write instead
     */
    default void check(Shape outputs, Target target) {
        check(outputs, target.shape());
    }

    /**
     * Whether the values of one example are such as the loss takes, as from 0 to 1. Asked of some examples before training.
     *
     * @param values in row-major order
     * @throws InputException if not, with what to write instead
     */
    default void checkValues(Target target, double[] values) {}

    /** Whether {@link #checkValues} has anything to look at, so that examples are read for it. */
    default boolean checksValues(Target target) {
        return false;
    }

    /** What {@link #predictions} say of such a target. A loss that leaves it open is measured by any metric. */
    default Answer answer(Target target) {
        return Answer.OWN;
    }

    /** Whether a class id is left out of the loss, such as padding. Metrics leave it out as well. */
    default boolean ignores(long classId) {
        return false;
    }

    /**
     * This loss with what it takes from the training split, such as the weights of classes by how often they occur.
     *
     * @param counts how often each class occurs in the training split: asked for only where that is needed, as it reads all
     * @throws InputException if the target does not have what the loss asks for
     */
    default Loss fitted(Target target, Supplier<double[]> counts) {
        return this;
    }

    /** Where the classes are in outputs of more than two dimensions: 1, or -1 for the last, as sequences have them. */
    default int classAxis() {
        return 1;
    }

    /** What the outputs mean to a user: probabilities for a classification loss (softmax, sigmoid), otherwise themselves. */
    default Tensor predictions(Tensor outputs) {
        return outputs;
    }
}
