package dev.jumbo.onnx.export;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.onnx.graph.LayerDrawing;
import dev.jumbo.onnx.graph.LayerDrawings;
import dev.jumbo.tensor.Shape;
import java.util.Map;

/** What a program's own jar brings: its layer, and its words for it, found by ServiceLoader. */
public final class OwnDrawings implements LayerDrawings {
    /** The values times a factor. */
    record Scaled(double factor) implements UnaryLayer {
        @Override
        public Shape outputShape(Shape input) {
            return input;
        }

        @Override
        public long flops(Shape input) {
            return input.elements();
        }

        @Override
        public UnaryNetwork build(Shape input, Parameters into) {
            return (x, pass) -> x.mul(factor);
        }
    }

    @Override
    public Map<Class<? extends Layer>, LayerDrawing<?>> drawings() {
        return Map.of(
                Scaled.class,
                LayerDrawing.<Scaled>single(
                        (layer, in, to) -> to.node("Mul", in.main().name(), to.real(layer.factor()))));
    }
}
