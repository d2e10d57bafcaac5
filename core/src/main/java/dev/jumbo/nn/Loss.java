package dev.jumbo.nn;

import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;

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

    /** Whether outputs of this shape can be compared with targets of that one, both without the batch. @throws dev.jumbo.tensor.ShapeException if not */
    default void check(Shape outputs, Shape targets) {}

    /** Where the classes are in outputs of more than two dimensions: 1, or -1 for the last, as sequences have them. */
    default int classAxis() {
        return 1;
    }

    /** What the outputs mean to a user: probabilities for a classification loss (softmax, sigmoid), otherwise themselves. */
    default Tensor predictions(Tensor outputs) {
        return outputs;
    }
}
