package dev.jumbo.onnx.layers;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.PaddedChannels;
import dev.jumbo.nn.layers.conv.Conv1d;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.DepthwiseConv2d;
import dev.jumbo.nn.layers.conv.PatchEmbedding;
import dev.jumbo.nn.layers.conv.SeparableConv2d;
import dev.jumbo.onnx.format.OnnxAttribute;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.graph.LayerDrawing;
import dev.jumbo.onnx.graph.LayerDrawings;
import dev.jumbo.onnx.graph.Value;
import dev.jumbo.onnx.graph.Values;
import dev.jumbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Convolutions. */
public final class ConvDrawings implements LayerDrawings {
    @Override
    public Map<Class<? extends Layer>, LayerDrawing<?>> drawings() {
        return Map.of(
                Conv1d.class, LayerDrawing.<Conv1d>single(ConvDrawings::conv1d),
                Conv2d.class, LayerDrawing.<Conv2d>single(ConvDrawings::conv2d),
                DepthwiseConv2d.class, LayerDrawing.<DepthwiseConv2d>single(ConvDrawings::depthwise),
                SeparableConv2d.class, LayerDrawing.<SeparableConv2d>single(ConvDrawings::separable),
                PatchEmbedding.class, LayerDrawing.<PatchEmbedding>single(ConvDrawings::patches));
    }

    /** A window and what it is applied to. */
    private record Window(long[] kernel, long[] stride, long[] pads, long[] dilation, long groups) {
        String draw(String x, Shape weight, boolean bias, Activation then, Drawing to) {
            List<String> inputs = new ArrayList<>(List.of(x, to.parameter("weight", weight)));
            if (bias) {
                inputs.add(to.parameter("bias", weight.slice(0, 1)));
            }
            String y = to.node(
                    "Conv",
                    inputs,
                    OnnxAttribute.of("kernel_shape", kernel),
                    OnnxAttribute.of("strides", stride),
                    OnnxAttribute.of("pads", pads),
                    OnnxAttribute.of("dilations", dilation),
                    OnnxAttribute.of("group", groups));
            return Functions.of(then, y, to);
        }
    }

    private static String conv1d(Conv1d layer, Values in, Drawing to) {
        Value x = in.main();
        String given =
                PaddedChannels.isPadded(in.specs()) ? to.node("Mul", x.name(), Padded.channels(in, to)) : x.name();
        long[] kernel = {layer.kernelSize()};
        long[] stride = {layer.stride()};
        long[] dilation = {layer.dilation()};
        long[] pads = Sides.of(layer.padding(), x.shape(), kernel, stride, dilation);
        Shape weight = Shape.of(layer.filters(), x.shape().size(0) / layer.groups(), layer.kernelSize());
        return new Window(kernel, stride, pads, dilation, layer.groups())
                .draw(given, weight, layer.useBias(), layer.activation(), to);
    }

    private static String conv2d(Conv2d layer, Values in, Drawing to) {
        return conv2d(layer, in.main(), to);
    }

    private static String conv2d(Conv2d layer, Value x, Drawing to) {
        long[] kernel = Sides.array(layer.kernelSize());
        long[] stride = Sides.array(layer.stride());
        long[] dilation = Sides.array(layer.dilation());
        long[] pads = Sides.of(layer.padding(), x.shape(), kernel, stride, dilation);
        Shape weight = Shape.of(layer.filters(), x.shape().size(0) / layer.groups(), kernel[0], kernel[1]);
        return new Window(kernel, stride, pads, dilation, layer.groups())
                .draw(x.name(), weight, layer.useBias(), layer.activation(), to);
    }

    private static String depthwise(DepthwiseConv2d layer, Values in, Drawing to) {
        Value x = in.main();
        long channels = x.shape().size(0);
        long[] kernel = Sides.array(layer.kernelSize());
        long[] stride = Sides.array(layer.stride());
        long[] dilation = Sides.array(layer.dilation());
        long[] pads = Sides.of(layer.padding(), x.shape(), kernel, stride, dilation);
        Shape weight = Shape.of(channels * layer.depthMultiplier(), 1, kernel[0], kernel[1]);
        return new Window(kernel, stride, pads, dilation, channels)
                .draw(x.name(), weight, layer.useBias(), layer.activation(), to);
    }

    private static String separable(SeparableConv2d layer, Values in, Drawing to) {
        List<Layer.Part> parts = layer.parts(in.specs());
        Values deep = to.part(parts.get(0), Values.of(in.main()));
        return to.part(parts.get(1), deep).main().name();
    }

    private static String patches(PatchEmbedding layer, Values in, Drawing to) {
        Value x = in.main();
        long size = layer.patchSize();
        long[] square = {size, size};
        String y = new Window(square, square, new long[4], new long[] {1, 1}, 1)
                .draw(x.name(), Shape.of(layer.units(), x.shape().size(0), size, size), true, Activation.LINEAR, to);
        return Functions.transpose(Functions.reshape(y, to, 0, layer.units(), -1), to, 0, 2, 1);
    }
}
