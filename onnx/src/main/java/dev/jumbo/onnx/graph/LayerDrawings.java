package dev.jumbo.onnx.graph;

import dev.jumbo.nn.Layer;
import java.util.Map;

/**
 * How the layers of one family are said in ONNX. A jar with layers of its own brings theirs: a class named in {@code
 * META-INF/services/dev.jumbo.onnx.graph.LayerDrawings}, found by {@link java.util.ServiceLoader}.
 *
 * <pre>{@code
 * public final class OurDrawings implements LayerDrawings {
 *     public Map<Class<? extends Layer>, LayerDrawing<?>> drawings() {
 *         return Map.of(Scaled.class, LayerDrawing.<Scaled>single((layer, in, to) ->
 *                 to.node("Mul", in.main().name(), to.real(layer.factor()))));
 *     }
 * }
 * }</pre>
 */
public interface LayerDrawings {
    /** By the record of the layer. */
    Map<Class<? extends Layer>, LayerDrawing<?>> drawings();
}
