package dev.jumbo.onnx.graph;

import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;

/**
 * A value of the graph.
 *
 * @param name in the graph
 * @param spec of one example; the value has the batch in front
 */
public record Value(String name, Spec spec) {
    /** Of one example. */
    public Shape shape() {
        return spec.shape();
    }

    /** With the batch. */
    public int rank() {
        return spec.shape().rank() + 1;
    }
}
