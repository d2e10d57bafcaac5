package dev.jumbo.nn.layers;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.Activation.TANH;
import static dev.jumbo.nn.layers.Layers.*;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.basic.BatchNorm;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.GroupNorm;
import dev.jumbo.nn.layers.basic.Softmax;
import dev.jumbo.nn.layers.conv.AvgPool1d;
import dev.jumbo.nn.layers.conv.AvgPool2d;
import dev.jumbo.nn.layers.conv.Conv1d;
import dev.jumbo.nn.layers.conv.Conv1dTranspose;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.Conv2dTranspose;
import dev.jumbo.nn.layers.conv.DepthwiseConv2d;
import dev.jumbo.nn.layers.conv.MaxPool1d;
import dev.jumbo.nn.layers.conv.MaxPool2d;
import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.nn.layers.conv.SeparableConv2d;
import dev.jumbo.nn.layers.conv.Size2d;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The layers of the fixtures that {@code make_layer_fixtures.py} (PyTorch) and {@code make_same_padding_fixtures.py}
 * (Keras) in {@code src/test/python} write, under their names.
 */
final class FixtureLayers {
    private FixtureLayers() {}

    static Map<String, Layer> byName() {
        Map<String, Layer> all = new TreeMap<>(SequenceFixtureLayers.byName());
        all.put("dense", dense(3));
        all.put("dense_wide", dense(32));
        all.put("conv2d", conv2d(6, 3));
        all.put("conv2d_one_channel", conv2d(6, 3));
        all.put("conv2d_stride_padding", conv(6, Size2d.of(3, 2), Size2d.of(2, 1), Padding.of(1, 2), 1, 1, true));
        all.put("conv2d_dilation_groups", conv(6, Size2d.of(2), Size2d.of(1), Padding.valid(), 2, 2, false));
        all.put("conv2d_same_uneven", conv(3, Size2d.of(2, 4), Size2d.of(1), Padding.same(), 1, 1, true));
        all.put("conv2d_same_stride", conv2d(3, 3).withStride(2).withPadding(Padding.same()));
        all.put("conv2d_same_dilation", conv(3, Size2d.of(3), Size2d.of(1), Padding.same(), 2, 1, true));
        all.put("conv1d", conv(6, 3, 2, Padding.of(1), 1));
        all.put("conv1d_same_uneven", conv(6, 4, 1, Padding.same(), 2));
        all.put("depthwise_conv2d", depthwise(1, Padding.of(1)));
        all.put("depthwise_conv2d_same", depthwise(2, Padding.same()));
        all.put(
                "separable_conv2d",
                new SeparableConv2d(
                        4,
                        Size2d.of(3),
                        Activation.LINEAR,
                        Size2d.of(2),
                        Padding.valid(),
                        Size2d.of(1),
                        2,
                        true,
                        Initializers.glorotUniform(),
                        Initializers.glorotUniform(),
                        Initializers.zeros()));
        all.put("conv2d_transpose", transpose(6, 3, 2, Padding.of(1), 1, 2));
        all.put("conv2d_transpose_same_uneven", transpose(3, 3, 2, Padding.same(), 0, 1));
        all.put("conv2d_transpose_same_small", transpose(3, 2, 3, Padding.same(), 0, 1));
        all.put("conv1d_transpose", transpose(3, 4, 2, Padding.of(1)));
        all.put("conv1d_transpose_same", transpose(3, 4, 2, Padding.same()));
        all.put("max_pool2d", maxPool2d(2));
        all.put("max_pool2d_stride_padding", new MaxPool2d(Size2d.of(3), Size2d.of(2), Padding.of(1)));
        all.put("max_pool2d_same_uneven", new MaxPool2d(Size2d.of(2), null, Padding.same()));
        all.put("max_pool2d_same_stride", new MaxPool2d(Size2d.of(3), Size2d.of(2), Padding.same()));
        all.put("max_pool1d", new MaxPool1d(3, 2, Padding.of(1)));
        all.put("avg_pool2d", avgPool2d(2));
        all.put("avg_pool2d_stride_padding", new AvgPool2d(Size2d.of(3), Size2d.of(2), Padding.of(1)));
        all.put("avg_pool2d_same_even", new AvgPool2d(Size2d.of(3), Size2d.of(1), Padding.same()));
        all.put("avg_pool2d_same_uneven", new AvgPool2d(Size2d.of(2), Size2d.of(1), Padding.same()));
        all.put("avg_pool1d", new AvgPool1d(3, 2, Padding.of(1)));
        all.put("avg_pool1d_same", new AvgPool1d(3, 2, Padding.same()));
        all.put("global_avg_pool", globalAvgPool());
        all.put("global_avg_pool_sequence", globalAvgPool());
        all.put("global_max_pool", globalMaxPool());
        all.put("batch_norm_features", batchNorm());
        all.put("batch_norm_sequence", new BatchNorm(0.3, 1e-3));
        all.put("batch_norm_image", batchNorm());
        all.put("group_norm", groupNorm(2));
        all.put("group_norm_sequence", new GroupNorm(4, 1e-3));
        all.put("dropout_zero", dropout(0));
        all.put("embedding", embedding(7, 3));
        all.put("embedding_padding", new Embedding(7, 3, 2, Initializers.zeros()));
        all.put("flatten", flatten());
        all.put("reshape", reshape(2, -1));
        all.put("permute", permute(3, 1, 2));
        for (Activation function : Activation.values()) {
            all.put("activation_" + function.name().toLowerCase(Locale.ROOT), activation(function));
        }
        all.put("leaky_relu_steep", leakyRelu(0.3));
        all.put("elu_low", elu(0.5));
        all.put("softmax_channels", new Softmax(1));
        Conv2d keeping = conv2d(4, 3).withPadding(Padding.same());
        all.put("residual", new Residual(List.of(keeping, relu(), keeping), null, RELU));
        all.put("residual_projection", new Residual(List.of(dense(6), activation(TANH), dense(3)), dense(3), RELU));
        all.put("add", add());
        all.put("concatenate", concatenate());
        all.put("concatenate_last", new Concatenate(-1));
        all.put("graph", twoInTwoOut());
        all.put(
                "cnn",
                Sequential.of(
                        conv2d(8, 3, RELU),
                        maxPool2d(2),
                        batchNorm(),
                        relu(),
                        maxPool2d(2),
                        flatten(),
                        dense(16, RELU),
                        dropout(0),
                        dense(4)));
        return all;
    }

    private static Conv2d conv(
            int filters, Size2d kernel, Size2d stride, Padding padding, int dilation, int groups, boolean useBias) {
        return new Conv2d(
                filters,
                kernel,
                Activation.LINEAR,
                stride,
                padding,
                Size2d.of(dilation),
                groups,
                useBias,
                Initializers.glorotUniform(),
                Initializers.zeros());
    }

    private static Conv1d conv(int filters, int kernel, int stride, Padding padding, int groups) {
        return new Conv1d(
                filters,
                kernel,
                Activation.LINEAR,
                stride,
                padding,
                1,
                groups,
                true,
                Initializers.glorotUniform(),
                Initializers.zeros());
    }

    private static Conv2dTranspose transpose(
            int filters, int kernel, int stride, Padding padding, int outputPadding, int groups) {
        return new Conv2dTranspose(
                filters,
                Size2d.of(kernel),
                Activation.LINEAR,
                Size2d.of(stride),
                padding,
                Size2d.of(outputPadding),
                Size2d.of(1),
                groups,
                true,
                Initializers.glorotUniform(),
                Initializers.zeros());
    }

    private static Conv1dTranspose transpose(int filters, int kernel, int stride, Padding padding) {
        return new Conv1dTranspose(
                filters,
                kernel,
                Activation.LINEAR,
                stride,
                padding,
                0,
                1,
                1,
                true,
                Initializers.glorotUniform(),
                Initializers.zeros());
    }

    private static DepthwiseConv2d depthwise(int stride, Padding padding) {
        return new DepthwiseConv2d(
                Size2d.of(3),
                2,
                Activation.LINEAR,
                Size2d.of(stride),
                padding,
                Size2d.of(1),
                true,
                Initializers.glorotUniform(),
                Initializers.zeros());
    }

    private static Graph twoInTwoOut() {
        return Graph.of(g -> {
            String image = g.input("image");
            String table = g.input("table");
            String pooled = g.add("pooled", globalAvgPool(), g.add("seen", conv2d(4, 3, RELU), image));
            String known = g.add("known", dense(4, TANH), table);
            g.output(g.add("label", dense(5), g.add("both", concatenate(), pooled, known)));
            g.output(g.add("value", dense(1), g.add("sum", add(), pooled, known)));
        });
    }
}
