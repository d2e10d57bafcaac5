package dev.jumbo.onnx.export;

import static dev.jumbo.onnx.export.LayerCases.channels;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.layers.Layers;
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
import dev.jumbo.nn.layers.conv.PatchEmbedding;
import dev.jumbo.nn.layers.conv.SeparableConv2d;
import dev.jumbo.nn.layers.conv.Size2d;
import dev.jumbo.onnx.export.LayerCases.Case;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.List;

/** Convolutions and pooling in every kind of padding, stride, dilation and groups. */
final class ConvCases {
    private static final List<Padding> PADDINGS =
            List.of(Padding.valid(), Padding.same(), Padding.of(1), Padding.of(0, 1));

    private ConvCases() {}

    static List<Case> all() {
        List<Case> all = new ArrayList<>();
        for (Shape image : List.of(Shape.of(4, 8, 7), Shape.of(2, 9, 9))) {
            for (Padding padding : PADDINGS) {
                for (int stride = 1; stride <= 2; stride++) {
                    images(all, image, padding, stride);
                }
            }
        }
        for (Padding padding : PADDINGS.subList(0, 3)) {
            for (int stride = 1; stride <= 3; stride++) {
                sequences(all, padding, stride);
            }
        }
        all.add(channels("conv1d of real steps", conv1d(Padding.same(), 1, 1, 4)));
        all.add(channels("global avg pool of real steps", Layers.globalAvgPool()));
        all.add(channels("global max pool of real steps", Layers.globalMaxPool()));
        for (Shape shape : List.of(Shape.of(3, 5), Shape.of(3, 5, 4))) {
            all.add(new Case("global avg pool " + shape, Layers.globalAvgPool(), Specs.of(shape)));
            all.add(new Case("global max pool " + shape, Layers.globalMaxPool(), Specs.of(shape)));
        }
        all.add(new Case("patch embedding", new PatchEmbedding(5, 2), Specs.of(Shape.of(3, 4, 6))));
        return all;
    }

    private static void images(List<Case> all, Shape image, Padding padding, int stride) {
        String how = " " + padding.toPlain() + " by " + stride + " of " + image;
        Specs in = Specs.of(image);
        Size2d steps = Size2d.of(stride);
        for (int dilation = 1; dilation <= 2; dilation++) {
            all.add(new Case(
                    "conv2d dilated " + dilation + how,
                    new Conv2d(
                            6,
                            Size2d.of(3, 2),
                            Activation.RELU,
                            steps,
                            padding,
                            Size2d.of(dilation),
                            2,
                            dilation == 1,
                            Initializers.glorotUniform(),
                            Initializers.zeros()),
                    in));
        }
        all.add(new Case(
                "depthwise" + how,
                new DepthwiseConv2d(
                        Size2d.of(3),
                        2,
                        Activation.ELU,
                        steps,
                        padding,
                        Size2d.of(1),
                        true,
                        Initializers.glorotUniform(),
                        Initializers.zeros()),
                in));
        all.add(new Case(
                "separable" + how,
                new SeparableConv2d(
                        5,
                        Size2d.of(2),
                        Activation.RELU,
                        steps,
                        padding,
                        Size2d.of(1),
                        2,
                        true,
                        Initializers.glorotUniform(),
                        Initializers.glorotUniform(),
                        Initializers.zeros()),
                in));
        all.add(new Case(
                "conv2d transposed" + how,
                new Conv2dTranspose(
                        4,
                        Size2d.of(3, 2),
                        Activation.TANH,
                        steps,
                        padding,
                        Size2d.of(padding instanceof Padding.Same ? 0 : stride - 1),
                        Size2d.of(1),
                        2,
                        true,
                        Initializers.glorotUniform(),
                        Initializers.zeros()),
                in));
        all.add(new Case(
                "conv2d transposed dilated" + how,
                new Conv2dTranspose(
                        4,
                        Size2d.of(2),
                        Activation.LINEAR,
                        steps,
                        padding,
                        Size2d.of(0),
                        Size2d.of(2),
                        1,
                        false,
                        Initializers.glorotUniform(),
                        Initializers.zeros()),
                in));
        all.add(new Case("max pool 2d" + how, new MaxPool2d(Size2d.of(3, 2), steps, padding), in));
        all.add(new Case("avg pool 2d" + how, new AvgPool2d(Size2d.of(3, 2), steps, padding), in));
    }

    private static Conv1d conv1d(Padding padding, int stride, int dilation, int kernel) {
        return new Conv1d(
                6,
                kernel,
                Activation.RELU,
                stride,
                padding,
                dilation,
                2,
                true,
                Initializers.glorotUniform(),
                Initializers.zeros());
    }

    private static void sequences(List<Case> all, Padding padding, int stride) {
        String how = " " + padding.toPlain() + " by " + stride;
        Specs in = Specs.of(Shape.of(4, 11));
        all.add(new Case("conv1d" + how, conv1d(padding, stride, 1, 4), in));
        all.add(new Case("conv1d dilated" + how, conv1d(padding, stride, 2, 3), in));
        all.add(new Case(
                "conv1d transposed" + how,
                new Conv1dTranspose(
                        4,
                        2,
                        Activation.RELU,
                        stride,
                        padding,
                        0,
                        1,
                        2,
                        true,
                        Initializers.glorotUniform(),
                        Initializers.zeros()),
                in));
        all.add(new Case("max pool 1d" + how, new MaxPool1d(3, stride, padding), in));
        all.add(new Case("avg pool 1d" + how, new AvgPool1d(3, stride, padding), in));
        all.add(new Case("max pool 1d, windows side by side" + how, new MaxPool1d(2, null, padding), in));
    }
}
