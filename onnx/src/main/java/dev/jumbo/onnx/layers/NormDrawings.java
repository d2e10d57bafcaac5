package dev.jumbo.onnx.layers;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.PaddedChannels;
import dev.jumbo.nn.layers.basic.BatchNorm;
import dev.jumbo.nn.layers.basic.GroupNorm;
import dev.jumbo.nn.layers.sequence.LayerNorm;
import dev.jumbo.nn.layers.sequence.RmsNorm;
import dev.jumbo.onnx.format.OnnxAttribute;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.graph.LayerDrawing;
import dev.jumbo.onnx.graph.LayerDrawings;
import dev.jumbo.onnx.graph.Value;
import dev.jumbo.onnx.graph.Values;
import dev.jumbo.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Normalisations. */
public final class NormDrawings implements LayerDrawings {
    @Override
    public Map<Class<? extends Layer>, LayerDrawing<?>> drawings() {
        return Map.of(
                BatchNorm.class, LayerDrawing.<BatchNorm>single(NormDrawings::batch),
                GroupNorm.class, LayerDrawing.<GroupNorm>single(NormDrawings::group),
                LayerNorm.class, LayerDrawing.<LayerNorm>single(NormDrawings::layer),
                RmsNorm.class, LayerDrawing.<RmsNorm>single(NormDrawings::rms));
    }

    /** By the running statistics. */
    private static String batch(BatchNorm layer, Values in, Drawing to) {
        Shape channels = in.main().shape().slice(0, 1);
        return to.node(
                "BatchNormalization",
                List.of(
                        in.main().name(),
                        to.parameter("weight", channels),
                        to.parameter("bias", channels),
                        to.parameter("running_mean", channels),
                        to.parameter("running_var", channels)),
                OnnxAttribute.of("epsilon", layer.epsilon()));
    }

    private static String layer(LayerNorm layer, Values in, Drawing to) {
        Shape features = Shape.of(in.main().shape().size(-1));
        return to.node(
                "LayerNormalization",
                List.of(in.main().name(), to.parameter("weight", features), to.parameter("bias", features)),
                OnnxAttribute.of("axis", -1),
                OnnxAttribute.of("epsilon", layer.epsilon()));
    }

    private static String rms(RmsNorm layer, Values in, Drawing to) {
        String x = in.main().name();
        String mean = Functions.reduce("ReduceMean", to.node("Mul", x, x), true, to, -1);
        String root = to.node("Sqrt", to.node("Add", mean, to.real(layer.epsilon())));
        Shape features = Shape.of(in.main().shape().size(-1));
        return to.node("Mul", to.node("Div", x, root), to.parameter("weight", features));
    }

    /** Each group is a channel of an instance normalisation; GroupNormalization itself is of version 21. */
    private static String group(GroupNorm layer, Values in, Drawing to) {
        Value x = in.main();
        long channels = x.shape().size(0);
        String normalised = PaddedChannels.isPadded(in.specs())
                ? realSteps(layer, in, to)
                : to.node(
                        "InstanceNormalization",
                        List.of(
                                Functions.reshape(x.name(), to, 0, layer.groups(), -1),
                                constant("ones", 1, layer.groups(), to),
                                constant("zeros", 0, layer.groups(), to)),
                        OnnxAttribute.of("epsilon", layer.epsilon()));
        String back = to.node("Reshape", normalised, to.node("Shape", x.name()));
        long[] each = new long[x.shape().rank()];
        Arrays.fill(each, 1);
        each[0] = channels;
        Shape shape = Shape.of(each);
        String scaled = to.node("Mul", back, to.parameter("weight", "channels", shape, w -> w.reshape(each)));
        return to.node("Add", scaled, to.parameter("bias", "channels", shape, b -> b.reshape(each)));
    }

    private static String constant(String name, float value, int length, Drawing to) {
        float[] values = new float[length];
        Arrays.fill(values, value);
        return to.once(name + " " + length, () -> to.reals(name, values, length));
    }

    /** By the statistics of real steps. */
    private static String realSteps(GroupNorm layer, Values in, Drawing to) {
        Value x = in.main();
        long each = x.shape().size(0) / layer.groups();
        String wide = Functions.reshape(x.name(), to, 0, layer.groups(), each, -1);
        String counted = to.node("Unsqueeze", Padded.channels(in, to), to.integers(1));
        String steps = Functions.reduce("ReduceSum", counted, true, to, 2, 3);
        String count = to.node("Max", to.node("Mul", steps, to.real(each)), to.real(1));
        String sum = Functions.reduce("ReduceSum", to.node("Mul", wide, counted), true, to, 2, 3);
        String centred = to.node("Sub", wide, to.node("Div", sum, count));
        String squares = to.node("Mul", to.node("Mul", centred, centred), counted);
        String variance = to.node("Div", Functions.reduce("ReduceSum", squares, true, to, 2, 3), count);
        return to.node("Div", centred, to.node("Sqrt", to.node("Add", variance, to.real(layer.epsilon()))));
    }
}
