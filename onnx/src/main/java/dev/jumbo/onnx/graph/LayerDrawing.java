package dev.jumbo.onnx.graph;

import dev.jumbo.nn.Layer;
import dev.jumbo.tensor.Spec;

/**
 * How a kind of layer is said in ONNX, as it computes in inference.
 *
 * @param <L> the layer
 */
@FunctionalInterface
public interface LayerDrawing<L extends Layer> {
    /**
     * Adds the layer's nodes.
     *
     * @param in what it is given
     * @param to the graph, at the layer's path
     * @return what it makes, under the names of {@link Layer#outputs}
     * @throws Unsayable if ONNX has no words for it
     */
    Values draw(L layer, Values in, Drawing to);

    /** What most layers are: one value from the main one, and what they read of the others. */
    @FunctionalInterface
    interface Single<L extends Layer> {
        /** @return the name of the result */
        String draw(L layer, Values in, Drawing to);
    }

    /** Of a layer with one output. */
    static <L extends Layer> LayerDrawing<L> single(Single<L> how) {
        return (layer, in, to) -> {
            Spec made = layer.outputs(in.specs()).main();
            return Values.of(new Value(how.draw(layer, in, to), made));
        };
    }
}
