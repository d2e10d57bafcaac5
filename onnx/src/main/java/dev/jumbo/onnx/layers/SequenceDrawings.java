package dev.jumbo.onnx.layers;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.TiedEmbedding;
import dev.jumbo.nn.layers.basic.TimeEmbedding;
import dev.jumbo.nn.layers.sequence.ClassToken;
import dev.jumbo.nn.layers.sequence.PositionalEmbedding;
import dev.jumbo.nn.layers.sequence.SelectStep;
import dev.jumbo.nn.layers.sequence.WeightedSum;
import dev.jumbo.onnx.format.ElementType;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.graph.LayerDrawing;
import dev.jumbo.onnx.graph.LayerDrawings;
import dev.jumbo.onnx.graph.Value;
import dev.jumbo.onnx.graph.Values;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Embeddings, and what picks or adds steps. */
public final class SequenceDrawings implements LayerDrawings {
    @Override
    public Map<Class<? extends Layer>, LayerDrawing<?>> drawings() {
        return Map.of(
                Embedding.class, LayerDrawing.<Embedding>single(SequenceDrawings::embedding),
                TiedEmbedding.class, LayerDrawing.<TiedEmbedding>single(SequenceDrawings::tied),
                PositionalEmbedding.class, LayerDrawing.<PositionalEmbedding>single(SequenceDrawings::positional),
                ClassToken.class, LayerDrawing.<ClassToken>single(SequenceDrawings::classToken),
                WeightedSum.class, LayerDrawing.<WeightedSum>single(SequenceDrawings::weighted),
                TimeEmbedding.class, LayerDrawing.<TimeEmbedding>single(SequenceDrawings::time),
                SelectStep.class,
                        LayerDrawing.<SelectStep>single(
                                (layer, in, to) -> Functions.select(in.main().name(), 1, layer.index(), to)));
    }

    private static String embedding(Embedding layer, Values in, Drawing to) {
        return looked(layer.inputDim(), layer.outputDim(), in.main(), to);
    }

    private static String tied(TiedEmbedding layer, Values in, Drawing to) {
        return looked(layer.inputDim(), layer.outputDim(), in.main(), to);
    }

    private static String looked(int rows, int width, Value x, Drawing to) {
        String ids = x.name();
        if (x.spec().dtype() != DType.INT64) {
            // A number that is no id becomes one that is not there, which is refused as the layer does.
            String whole = to.node("Equal", to.node("Floor", ids), ids);
            String cast = Functions.cast(ids, ElementType.INT64, to);
            ids = to.node("Where", whole, cast, to.integer(rows));
        }
        String table = to.parameter("weight", Shape.of(rows, width));
        return to.node("Gather", table, known(ids, rows, to));
    }

    /** Negative ids count from the end in ONNX; here they are none, and stay an error. */
    private static String known(String ids, long count, Drawing to) {
        return to.node("Where", to.node("Less", ids, to.integer(0)), to.integer(count), ids);
    }

    private static String positional(PositionalEmbedding layer, Values in, Drawing to) {
        Value x = in.main();
        String table =
                to.parameter("weight", Shape.of(layer.maxLength(), x.shape().size(1)));
        @Nullable Value given = in.get(Masks.POSITIONS);
        String positions = given == null ? Steps.counted(in, to) : known(given.name(), layer.maxLength(), to);
        return to.node("Add", x.name(), to.node("Gather", table, positions));
    }

    private static String classToken(ClassToken layer, Values in, Drawing to) {
        Value x = in.main();
        long width = x.shape().size(1);
        String step = to.parameter("weight", Shape.of(1, 1, width));
        String shape = Functions.concat(List.of(Functions.size(x.name(), 0, to), to.integers(1, width)), 0, to);
        return Functions.concat(List.of(to.node("Expand", step, shape), x.name()), 1, to);
    }

    private static String weighted(WeightedSum layer, Values in, Drawing to) {
        String weights = Functions.reshape(in.require(layer.weights()).name(), to, 0, -1, 1);
        return Functions.reduce("ReduceSum", to.node("Mul", in.main().name(), weights), false, to, 1);
    }

    private static String time(TimeEmbedding layer, Values in, Drawing to) {
        Value x = in.main();
        int half = layer.width() / 2;
        float[] frequencies = new float[half];
        for (int i = 0; i < half; i++) {
            frequencies[i] = (float) Math.pow(layer.maxPeriod(), -2.0 * i / layer.width());
        }
        String time = Functions.cast(in.require(Masks.TIME).name(), ElementType.FLOAT, to);
        String angles =
                to.node("Mul", Functions.reshape(time, to, -1, 1), to.reals("frequencies", frequencies, 1, half));
        String sines = Functions.concat(List.of(to.node("Sin", angles), to.node("Cos", angles)), 1, to);
        List<Layer.Part> parts = layer.parts(in.specs());
        Values inside = Values.of(new Value(sines, Spec.floats(layer.width())));
        String both =
                to.part(parts.get(1), to.part(parts.get(0), inside)).main().name();
        int dim = x.shape().rank() == 3 ? 0 : x.shape().rank() - 1;
        long width = x.shape().size(dim);
        long[] each = new long[x.rank()];
        Arrays.fill(each, 1);
        each[0] = 0;
        each[dim + 1] = width;
        String scale = Functions.reshape(Functions.slice(both, 1, 0, width, to), to, each);
        String shift = Functions.reshape(Functions.slice(both, 1, width, 2 * width, to), to, each);
        return to.node("Add", to.node("Mul", x.name(), to.node("Add", scale, to.real(1))), shift);
    }
}
