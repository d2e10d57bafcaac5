package dev.jumbo.onnx.layers;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.basic.LoraDense;
import dev.jumbo.nn.layers.sequence.LoraAttention;
import dev.jumbo.onnx.graph.LayerDrawing;
import dev.jumbo.onnx.graph.LayerDrawings;
import dev.jumbo.onnx.graph.Unsayable;
import java.util.Map;

/** Layers with changes of low rank, which a file would only multiply apart: merged they are the layers that they change. */
public final class AdapterDrawings implements LayerDrawings {
    @Override
    public Map<Class<? extends Layer>, LayerDrawing<?>> drawings() {
        LayerDrawing<Layer> refused = (layer, in, to) -> {
            throw new Unsayable("it has an adapter; merge it into its base first (jumbo merge)");
        };
        return Map.of(LoraDense.class, refused, LoraAttention.class, refused);
    }
}
