package dev.jumbo.train;

import dev.jumbo.nn.FlatStore;
import dev.jumbo.tensor.Tensor;

/** L1 and L2 penalties on matrices and kernels, as Keras's {@code L1L2}: {@code l1 sum |w| + l2 sum w^2}. */
final class Penalty {
    private Penalty() {}

    /** Adds {@code l1 sign(w) + 2 l2 w} to the gradients. */
    static void addGradients(FlatStore store, double l1, double l2) {
        if (l1 == 0 && l2 == 0) {
            return;
        }
        Tensor weights = store.values().narrow(0, 0, store.decayed());
        Tensor gradients = store.gradients().narrow(0, 0, store.decayed());
        if (l1 != 0) {
            gradients.add_(weights.sign(), l1);
        }
        if (l2 != 0) {
            gradients.add_(weights, 2 * l2);
        }
    }
}
