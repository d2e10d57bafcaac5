package dev.jumbo.onnx.layers;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.conv.Conv1dTranspose;
import dev.jumbo.nn.layers.conv.Conv2dTranspose;
import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.onnx.format.OnnxAttribute;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.graph.LayerDrawing;
import dev.jumbo.onnx.graph.LayerDrawings;
import dev.jumbo.onnx.graph.Values;
import dev.jumbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Transposed convolutions. */
public final class TransposedDrawings implements LayerDrawings {
    @Override
    public Map<Class<? extends Layer>, LayerDrawing<?>> drawings() {
        return Map.of(
                Conv1dTranspose.class, LayerDrawing.<Conv1dTranspose>single(TransposedDrawings::line),
                Conv2dTranspose.class, LayerDrawing.<Conv2dTranspose>single(TransposedDrawings::square));
    }

    private record Reach(long[] kernel, long[] stride, Padding padding, long[] added, long[] dilation, long groups) {
        String draw(String x, Shape weight, boolean bias, long filters, Activation then, Drawing to) {
            List<String> inputs = new ArrayList<>(List.of(x, to.parameter("weight", weight)));
            if (bias) {
                inputs.add(to.parameter("bias", Shape.of(filters)));
            }
            int rank = kernel.length;
            long[] pads = new long[2 * rank];
            long[] more = added.clone();
            for (int d = 0; d < rank; d++) {
                if (padding instanceof Padding.Fixed fixed) {
                    pads[d] =
                            d == rank - 1 ? fixed.size().width() : fixed.size().height();
                    pads[rank + d] = pads[d];
                } else {
                    // As much is cut off as makes the output input * stride long, the one more of an uneven number
                    // behind.
                    long total = dilation[d] * (kernel[d] - 1) + 1 - stride[d];
                    pads[d] = Math.max(0, total) / 2;
                    pads[rank + d] = Math.max(0, total) - pads[d];
                    more[d] = Math.max(0, -total);
                }
            }
            String y = to.node(
                    "ConvTranspose",
                    inputs,
                    OnnxAttribute.of("kernel_shape", kernel),
                    OnnxAttribute.of("strides", stride),
                    OnnxAttribute.of("pads", pads),
                    OnnxAttribute.of("output_padding", more),
                    OnnxAttribute.of("dilations", dilation),
                    OnnxAttribute.of("group", groups));
            return Functions.of(then, y, to);
        }
    }

    private static String line(Conv1dTranspose layer, Values in, Drawing to) {
        Shape weight = Shape.of(in.main().shape().size(0), layer.filters() / layer.groups(), layer.kernelSize());
        return new Reach(
                        new long[] {layer.kernelSize()},
                        new long[] {layer.stride()},
                        layer.padding(),
                        new long[] {layer.outputPadding()},
                        new long[] {layer.dilation()},
                        layer.groups())
                .draw(in.main().name(), weight, layer.useBias(), layer.filters(), layer.activation(), to);
    }

    private static String square(Conv2dTranspose layer, Values in, Drawing to) {
        long[] kernel = Sides.array(layer.kernelSize());
        Shape weight = Shape.of(in.main().shape().size(0), layer.filters() / layer.groups(), kernel[0], kernel[1]);
        return new Reach(
                        kernel,
                        Sides.array(layer.stride()),
                        layer.padding(),
                        Sides.array(layer.outputPadding()),
                        Sides.array(layer.dilation()),
                        layer.groups())
                .draw(in.main().name(), weight, layer.useBias(), layer.filters(), layer.activation(), to);
    }
}
