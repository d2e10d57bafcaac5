package dev.jumbo.train.objective;

import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;

/** Where an objective that changes tokens at random has its numbers from. */
final class Draw {
    private Draw() {}

    /** In training: other numbers in each step and on each worker, the same where a step is run again after a resume. */
    static RandomState ofStep() {
        try (Scope scope = Scope.open()) {
            // The generator of the thread is seeded for each step.
            float[] bits = Tensor.randn(Shape.of(3)).toFloats();
            RandomState state = RandomState.of(0);
            for (float number : bits) {
                state = state.derive(Float.floatToIntBits(number));
            }
            return state;
        }
    }

    /** Elsewhere: the same for the same tokens, whatever is beside them in the batch. */
    static RandomState ofContent(long[] ids, int from, int to) {
        RandomState state = RandomState.of(1);
        for (int i = from; i < to; i++) {
            state = state.derive(ids[i]);
        }
        return state;
    }
}
