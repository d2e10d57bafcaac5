package dev.jumbo.onnx.layers;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.basic.ActivationLayer;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Dropout;
import dev.jumbo.nn.layers.basic.Elu;
import dev.jumbo.nn.layers.basic.Flatten;
import dev.jumbo.nn.layers.basic.LeakyRelu;
import dev.jumbo.nn.layers.basic.Permute;
import dev.jumbo.nn.layers.basic.Reshape;
import dev.jumbo.nn.layers.basic.Softmax;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.onnx.format.OnnxAttribute;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.graph.LayerDrawing;
import dev.jumbo.onnx.graph.LayerDrawings;
import dev.jumbo.onnx.graph.Unsayable;
import dev.jumbo.onnx.graph.Value;
import dev.jumbo.onnx.graph.Values;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Dense layers, functions, and changes of shape. */
public final class BasicDrawings implements LayerDrawings {
    @Override
    public Map<Class<? extends Layer>, LayerDrawing<?>> drawings() {
        return Map.of(
                Dense.class, LayerDrawing.<Dense>single((layer, in, to) -> dense(layer, in.main(), to)),
                TiedDense.class, LayerDrawing.<TiedDense>single((layer, in, to) -> tied(layer, in.main(), to)),
                ActivationLayer.class,
                        LayerDrawing.<ActivationLayer>single((layer, in, to) ->
                                Functions.of(layer.function(), in.main().name(), to)),
                LeakyRelu.class,
                        LayerDrawing.<LeakyRelu>single(
                                (layer, in, to) -> Functions.leakyRelu(in.main().name(), layer.negativeSlope(), to)),
                Elu.class,
                        LayerDrawing.<Elu>single(
                                (layer, in, to) -> Functions.elu(in.main().name(), layer.alpha(), to)),
                Softmax.class,
                        LayerDrawing.<Softmax>single(
                                (layer, in, to) -> Functions.softmax(in.main().name(), layer.axis(), to)),
                Dropout.class,
                        LayerDrawing.<Dropout>single(
                                (layer, in, to) -> in.main().name()),
                Flatten.class, LayerDrawing.<Flatten>single(BasicDrawings::flatten),
                Reshape.class, LayerDrawing.<Reshape>single(BasicDrawings::reshape),
                Permute.class, LayerDrawing.<Permute>single(BasicDrawings::permute));
    }

    private static String dense(Dense layer, Value x, Drawing to) {
        long width = x.shape().size(-1);
        Shape shape = Shape.of(layer.units(), width);
        List<String> inputs = new ArrayList<>(List.of(x.name()));
        if (x.rank() == 2) {
            inputs.add(to.parameter("weight", shape));
            if (layer.useBias()) {
                inputs.add(to.parameter("bias", Shape.of(layer.units())));
            }
            return Functions.of(layer.activation(), to.node("Gemm", inputs, OnnxAttribute.of("transB", 1)), to);
        }
        inputs.add(to.parameter(
                "weight",
                "transposed",
                Shape.of(width, layer.units()),
                w -> w.transpose(0, 1).contiguous()));
        String y = to.node("MatMul", inputs);
        if (layer.useBias()) {
            y = to.node("Add", y, to.parameter("bias", Shape.of(layer.units())));
        }
        return Functions.of(layer.activation(), y, to);
    }

    /** The matrix stays as it is in the file once; a runtime turns it when it loads. */
    private static String tied(TiedDense layer, Value x, Drawing to) {
        String weight = to.parameter("weight", Shape.of(layer.units(), x.shape().size(-1)));
        String scaled = layer.scale() == 1 ? x.name() : to.node("Mul", x.name(), to.real(layer.scale()));
        String y = x.rank() == 2
                ? to.node("Gemm", List.of(scaled, weight), OnnxAttribute.of("transB", 1))
                : to.node("MatMul", scaled, Functions.transpose(weight, to, 1, 0));
        return layer.useBias() ? to.node("Add", y, to.parameter("bias", Shape.of(layer.units()))) : y;
    }

    private static String flatten(Flatten layer, Values in, Drawing to) {
        Value x = in.main();
        return x.rank() == 1
                ? Functions.reshape(x.name(), to, 0, 1)
                : to.node("Flatten", List.of(x.name()), OnnxAttribute.of("axis", 1));
    }

    private static String reshape(Reshape layer, Values in, Drawing to) {
        Spec made = layer.outputs(in.specs()).main();
        // A model builds it for the described size and takes no other.
        if (in.main().spec().varies()) {
            throw new Unsayable(
                    "it has one size, and the input varies: " + in.main().spec());
        }
        return Functions.reshape(
                in.main().name(),
                to,
                LongStream.concat(LongStream.of(0), LongStream.of(made.shape().toArray()))
                        .toArray());
    }

    private static String permute(Permute layer, Values in, Drawing to) {
        return Functions.transpose(
                in.main().name(),
                to,
                LongStream.concat(LongStream.of(0), layer.dims().stream().mapToLong(d -> d))
                        .toArray());
    }
}
