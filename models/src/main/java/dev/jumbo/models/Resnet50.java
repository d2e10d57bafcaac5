package dev.jumbo.models;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.MaxPool2d;
import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.nn.layers.conv.Size2d;
import dev.jumbo.nn.weights.NameMap;
import dev.jumbo.nn.weights.NameRule;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * ResNet-50 (He et al., 2016, table 1), with the stride in the 3x3 convolution as torchvision's: 25,557,032 parameters at 1,000
 * classes. Names are torchvision's: {@code layer1.0.conv1.weight}. Takes images {@code [3, H, W]}, 224 by 224 in the paper; gives
 * logits.
 *
 * @param classes outputs
 * @param blocks in each of the stages; {@code [3, 4, 23, 3]} is ResNet-101
 */
@Kind("resnet50")
@Doc("ResNet-50 in torchvision's layout and names, or another depth of the same blocks. Gives logits.")
public record Resnet50(
        @Doc("Number of classes.") @Default("1000") int classes,

        @Doc("Blocks in each of the stages; [3, 4, 23, 3] is ResNet-101.") @Default("[3, 4, 6, 3]")
        List<Integer> blocks)
        implements PublicModel {
    private static final int WIDTH = 64;
    /** Channels that a block gives for each of its middle convolution. */
    private static final int EXPANSION = 4;

    public Resnet50 {
        blocks = List.copyOf(blocks);
        if (classes < 1 || blocks.isEmpty() || blocks.stream().anyMatch(n -> n < 1)) {
            throw new InputException("resnet50: expected 1 or more classes, and stages of 1 or more blocks, received "
                    + classes + " and " + blocks);
        }
    }

    /** The published depth. */
    public static Resnet50 of(int classes) {
        return new Resnet50(classes, List.of(3, 4, 6, 3));
    }

    @Override
    public Specs input() {
        return Specs.of(Shape.of(3, 224, 224));
    }

    /** The public file also counts batches, which is used by no layer here. */
    @Override
    public NameMap publicNames() {
        return NameMap.of(NameRule.drop(".*num_batches_tracked"));
    }

    @Override
    public Layer layer() {
        Map<String, Layer> row = new LinkedHashMap<>();
        row.put("conv1", convolution(WIDTH, 7, 2, 3));
        row.put("bn1", Layers.batchNorm());
        row.put("relu", Layers.relu());
        row.put("maxpool", new MaxPool2d(Size2d.of(3), Size2d.of(2), Padding.of(1)));
        for (int stage = 0; stage < blocks.size(); stage++) {
            List<Layer> inside = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (int i = 0; i < blocks.get(stage); i++) {
                inside.add(block(WIDTH << stage, stage > 0 && i == 0 ? 2 : 1, i == 0));
                names.add(Integer.toString(i));
            }
            row.put("layer" + (stage + 1), new Sequential(inside, names));
        }
        row.put("avgpool", Layers.globalAvgPool());
        row.put("fc", Layers.dense(classes));
        return Sequential.named(row);
    }

    /** 1x1, 3x3, 1x1, and around them nothing, or a 1x1 where the shape changes. */
    private static Layer block(int width, int stride, boolean changes) {
        return Graph.of(g -> {
            String x = g.input("x");
            String a = g.add("bn1", Layers.batchNorm(), g.add("conv1", convolution(width, 1, 1, 0), x));
            String b = g.add("relu1", Layers.relu(), a);
            String c = g.add("bn2", Layers.batchNorm(), g.add("conv2", convolution(width, 3, stride, 1), b));
            String d = g.add("relu2", Layers.relu(), c);
            String e = g.add("conv3", convolution(EXPANSION * width, 1, 1, 0), d);
            String f = g.add("bn3", Layers.batchNorm(), e);
            String around = changes ? g.add("downsample", downsample(width, stride), x) : x;
            g.output(g.add("relu", Layers.relu(), g.add("add", Layers.add(), f, around)));
        });
    }

    private static Layer downsample(int width, int stride) {
        return new Sequential(
                List.of(convolution(EXPANSION * width, 1, stride, 0), Layers.batchNorm()), List.of("0", "1"));
    }

    private static Conv2d convolution(int filters, int kernel, int stride, int padding) {
        return new Conv2d(
                filters,
                Size2d.of(kernel),
                Activation.LINEAR,
                Size2d.of(stride),
                Padding.of(padding),
                Size2d.of(1),
                1,
                false,
                Initializers.heNormal(),
                Initializers.zeros());
    }
}
