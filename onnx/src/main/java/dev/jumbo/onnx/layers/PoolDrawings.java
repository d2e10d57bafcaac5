package dev.jumbo.onnx.layers;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.PaddedChannels;
import dev.jumbo.nn.layers.conv.AvgPool1d;
import dev.jumbo.nn.layers.conv.AvgPool2d;
import dev.jumbo.nn.layers.conv.GlobalAvgPool;
import dev.jumbo.nn.layers.conv.GlobalMaxPool;
import dev.jumbo.nn.layers.conv.MaxPool1d;
import dev.jumbo.nn.layers.conv.MaxPool2d;
import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.nn.layers.conv.Size2d;
import dev.jumbo.onnx.format.OnnxAttribute;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.graph.LayerDrawing;
import dev.jumbo.onnx.graph.LayerDrawings;
import dev.jumbo.onnx.graph.Value;
import dev.jumbo.onnx.graph.Values;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pooling. */
public final class PoolDrawings implements LayerDrawings {
    /** What stands below every value at padding, as in {@link PaddedChannels#max}. */
    private static final double LOWEST = 1e30;

    @Override
    public Map<Class<? extends Layer>, LayerDrawing<?>> drawings() {
        return Map.of(
                MaxPool1d.class,
                        LayerDrawing.<MaxPool1d>single((layer, in, to) -> max(
                                in.main(),
                                line(layer.poolSize()),
                                line(layer.stride(), layer.poolSize()),
                                layer.padding(),
                                to)),
                MaxPool2d.class,
                        LayerDrawing.<MaxPool2d>single((layer, in, to) -> max(
                                in.main(),
                                Sides.array(layer.poolSize()),
                                square(layer.stride(), layer.poolSize()),
                                layer.padding(),
                                to)),
                AvgPool1d.class,
                        LayerDrawing.<AvgPool1d>single((layer, in, to) -> mean(
                                in.main(),
                                line(layer.poolSize()),
                                line(layer.stride(), layer.poolSize()),
                                layer.padding(),
                                to)),
                AvgPool2d.class,
                        LayerDrawing.<AvgPool2d>single((layer, in, to) -> mean(
                                in.main(),
                                Sides.array(layer.poolSize()),
                                square(layer.stride(), layer.poolSize()),
                                layer.padding(),
                                to)),
                GlobalAvgPool.class, LayerDrawing.<GlobalAvgPool>single(PoolDrawings::globalMean),
                GlobalMaxPool.class, LayerDrawing.<GlobalMaxPool>single(PoolDrawings::globalMax));
    }

    private static long[] line(int size) {
        return new long[] {size};
    }

    private static long[] line(@Nullable Integer stride, int size) {
        return line(stride == null ? size : stride);
    }

    private static long[] square(@Nullable Size2d stride, Size2d size) {
        return Sides.array(stride == null ? size : stride);
    }

    private static long[] ones(int length) {
        long[] ones = new long[length];
        java.util.Arrays.fill(ones, 1);
        return ones;
    }

    private static String max(Value x, long[] kernel, long[] stride, Padding padding, Drawing to) {
        return to.node(
                "MaxPool",
                List.of(x.name()),
                OnnxAttribute.of("kernel_shape", kernel),
                OnnxAttribute.of("strides", stride),
                OnnxAttribute.of("pads", Sides.of(padding, x.shape(), kernel, stride, ones(kernel.length))));
    }

    /** Zeros of a number as padding count, those of {@code same} do not. */
    private static String mean(Value x, long[] kernel, long[] stride, Padding padding, Drawing to) {
        return to.node(
                "AveragePool",
                List.of(x.name()),
                OnnxAttribute.of("kernel_shape", kernel),
                OnnxAttribute.of("strides", stride),
                OnnxAttribute.of("pads", Sides.of(padding, x.shape(), kernel, stride, ones(kernel.length))),
                OnnxAttribute.of("count_include_pad", padding instanceof Padding.Fixed ? 1 : 0));
    }

    private static String globalMean(GlobalAvgPool layer, Values in, Drawing to) {
        String x = in.main().name();
        if (!PaddedChannels.isPadded(in.specs())) {
            return to.node("Flatten", List.of(to.node("GlobalAveragePool", x)), OnnxAttribute.of("axis", 1));
        }
        String real = Padded.channels(in, to);
        String sum = Functions.reduce("ReduceSum", to.node("Mul", x, real), false, to, 2);
        String count = to.node("Max", Functions.reduce("ReduceSum", real, false, to, 2), to.real(1));
        return to.node("Div", sum, count);
    }

    private static String globalMax(GlobalMaxPool layer, Values in, Drawing to) {
        String x = in.main().name();
        if (!PaddedChannels.isPadded(in.specs())) {
            return to.node("Flatten", List.of(to.node("GlobalMaxPool", x)), OnnxAttribute.of("axis", 1));
        }
        String real = Padded.channels(in, to);
        String some = Functions.reduce("ReduceMax", real, false, to, 2);
        String below = to.node("Mul", to.node("Sub", real, to.real(1)), to.real(LOWEST));
        String most = Functions.reduce("ReduceMax", to.node("Add", to.node("Mul", x, real), below), false, to, 2);
        return to.node("Mul", most, some);
    }
}
