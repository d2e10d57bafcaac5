package dev.jumbo.onnx.export;

import dev.jumbo.nn.Layer;
import dev.jumbo.onnx.graph.LayerDrawing;
import dev.jumbo.onnx.graph.LayerDrawings;
import dev.jumbo.onnx.layers.AttentionDrawings;
import dev.jumbo.onnx.layers.BasicDrawings;
import dev.jumbo.onnx.layers.BlockDrawings;
import dev.jumbo.onnx.layers.ContainerDrawings;
import dev.jumbo.onnx.layers.ConvDrawings;
import dev.jumbo.onnx.layers.EncoderDrawings;
import dev.jumbo.onnx.layers.NormDrawings;
import dev.jumbo.onnx.layers.PoolDrawings;
import dev.jumbo.onnx.layers.RecurrentDrawings;
import dev.jumbo.onnx.layers.SequenceDrawings;
import dev.jumbo.onnx.layers.TransposedDrawings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Every kind of layer that can be said in ONNX: ours, and those of jars on the class path. */
public final class Drawings {
    private static final List<LayerDrawings> OURS = List.of(
            new ContainerDrawings(),
            new BasicDrawings(),
            new ConvDrawings(),
            new PoolDrawings(),
            new TransposedDrawings(),
            new NormDrawings(),
            new SequenceDrawings(),
            new RecurrentDrawings(),
            new AttentionDrawings(),
            new EncoderDrawings(),
            new BlockDrawings());

    private Drawings() {}

    /** By the class of the layer. */
    public static Map<Class<? extends Layer>, LayerDrawing<?>> all() {
        Map<Class<? extends Layer>, LayerDrawing<?>> all = new HashMap<>();
        ServiceLoader.load(LayerDrawings.class).forEach(family -> all.putAll(family.drawings()));
        OURS.forEach(family -> all.putAll(family.drawings()));
        return all;
    }
}
