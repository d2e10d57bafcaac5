package dev.jumbo.nn;

import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;

/** Fills a new parameter with its first values. Random ones draw from the thread's generator, seeded by the parameter's name. */
@FunctionalInterface
public interface Initializer {
    /** Overwrites a contiguous FLOAT32 tensor that has the parameter's PyTorch shape. */
    void fill(Tensor parameter, Fans fans);

    /**
     * Inputs and outputs of one unit, on which the scale of random values depends.
     *
     * @param in values that flow into one output
     * @param out values that one input flows into
     */
    record Fans(long in, long out) {
        /** As PyTorch counts: {@code [out, in, k...]}, each times the receptive field {@code k...}. */
        public static Fans of(Shape weight) {
            if (weight.rank() < 2) {
                return new Fans(weight.elements(), weight.elements());
            }
            long field = weight.slice(2, weight.rank()).elements();
            return new Fans(weight.size(1) * field, weight.size(0) * field);
        }
    }
}
