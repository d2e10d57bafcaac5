package dev.jumbo.train.plan.work;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.ActivationLayer;
import dev.jumbo.nn.layers.BatchNorm;
import dev.jumbo.nn.layers.Dense;
import dev.jumbo.nn.layers.Dropout;
import dev.jumbo.nn.layers.Embedding;
import dev.jumbo.nn.layers.Flatten;
import dev.jumbo.nn.layers.GroupNorm;
import dev.jumbo.nn.layers.Permute;
import dev.jumbo.nn.layers.Reshape;
import dev.jumbo.nn.layers.conv.AvgPool1d;
import dev.jumbo.nn.layers.conv.AvgPool2d;
import dev.jumbo.nn.layers.conv.Conv1d;
import dev.jumbo.nn.layers.conv.Conv1dTranspose;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.Conv2dTranspose;
import dev.jumbo.nn.layers.conv.DepthwiseConv2d;
import dev.jumbo.nn.layers.conv.GlobalAvgPool;
import dev.jumbo.nn.layers.conv.GlobalMaxPool;
import dev.jumbo.nn.layers.conv.MaxPool1d;
import dev.jumbo.nn.layers.conv.MaxPool2d;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.plan.work.Operation.Kept;
import dev.jumbo.train.plan.work.Operation.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What one layer runs and keeps. A kind without a rule of its own counts as one pass over memory that keeps its result. */
final class LayerRules {
    private static final int INDEX_BYTES = Long.BYTES;

    private final SequenceRules sequences;

    LayerRules(boolean bf16, boolean gpu) {
        sequences = new SequenceRules(bf16, gpu);
    }

    List<Operation> of(String path, Layer layer, List<Shape> inputs) {
        Shape input = inputs.get(0);
        long in = inputs.stream().mapToLong(Shape::elements).sum();
        long out =
                layer.outputShapes(inputs).stream().mapToLong(Shape::elements).sum();
        Optional<List<Operation>> ofSequence = sequences.of(path, layer, input);
        if (ofSequence.isPresent()) {
            return ofSequence.get();
        }
        if (layer instanceof Dense dense) {
            return dense(path, dense, input);
        }
        Optional<List<Operation>> convolution = convolution(path, layer, input);
        if (convolution.isPresent()) {
            return convolution.get();
        }
        if (layer instanceof ActivationLayer f) {
            return activation(path, f.function(), in).map(List::of).orElse(List.of());
        }
        if (layer instanceof Dropout) {
            // The mask is multiplied in, so it has the values' type.
            return List.of(
                    Operation.pass(path, "dropout", in, out, Kept.values(out).andSaved(out, 0)));
        }
        if (layer instanceof MaxPool2d || layer instanceof MaxPool1d) {
            return List.of(
                    Operation.pass(path, "max_pool2d", in, out, Kept.values(out).andSaved(0, INDEX_BYTES * out)));
        }
        if (layer instanceof AvgPool1d
                || layer instanceof AvgPool2d
                || layer instanceof GlobalAvgPool
                || layer instanceof GlobalMaxPool) {
            return List.of(Operation.pass(path, "avg_pool2d", in, out, Kept.values(out)));
        }
        if (layer instanceof BatchNorm || layer instanceof GroupNorm) {
            return List.of(Operation.pass(path, "batch_norm", in, out, Kept.values(out))
                    .withFlops(layer.flops(inputs)));
        }
        if (layer instanceof Flatten || layer instanceof Reshape || layer instanceof Permute) {
            return List.of(Operation.pass(path, "view", 0, 0, Kept.NOTHING));
        }
        if (layer instanceof Embedding) {
            return List.of(Operation.pass(path, "embedding", out, out, Kept.values(out))
                    .withFlops(0));
        }
        return List.of(Operation.pass(path, "add", in, out, Kept.values(out)).withFlops(layer.flops(inputs)));
    }

    static List<Operation> dense(String path, Dense dense, Shape input) {
        long inner = input.size(-1);
        Size size = new Size(input.elements() / inner, inner, dense.units());
        return withActivation(Operation.product(path, "dense", input.elements(), size), dense.activation());
    }

    private static Optional<List<Operation>> convolution(String path, Layer layer, Shape input) {
        if (layer instanceof Conv2d conv) {
            boolean depthwise = conv.groups() > 1 && conv.groups() == input.size(0);
            return Optional.of(convolution(path, depthwise ? "depthwise" : "conv2d", layer, input, conv.activation()));
        }
        if (layer instanceof DepthwiseConv2d conv) {
            return Optional.of(convolution(path, "depthwise", layer, input, conv.activation()));
        }
        if (layer instanceof Conv1d conv) {
            return Optional.of(convolution(path, "conv2d", layer, input, conv.activation()));
        }
        if (layer instanceof Conv2dTranspose conv) {
            return Optional.of(convolution(path, "conv2d", layer, input, conv.activation()));
        }
        if (layer instanceof Conv1dTranspose conv) {
            return Optional.of(convolution(path, "conv2d", layer, input, conv.activation()));
        }
        return Optional.empty();
    }

    private static List<Operation> convolution(
            String path, String kind, Layer layer, Shape input, Activation activation) {
        Shape output = layer.outputShape(input);
        long channels = output.size(0);
        long positions = output.elements() / channels;
        double flops = layer.flops(input);
        long inner = Math.max(1, Math.round(flops / 2 / output.elements()));
        Operation product = Operation.product(path, kind, input.elements(), new Size(positions, inner, channels))
                .withFlops(flops);
        return withActivation(product, activation);
    }

    /** A product with a function of its fresh result. */
    static List<Operation> withActivation(Operation product, Activation function) {
        List<Operation> operations = new ArrayList<>(List.of(product));
        if (function != Activation.LINEAR) {
            operations.add(inPlace(product.path(), function, product.outputs()));
        }
        return operations;
    }

    /** A function of a fresh result: ReLU overwrites it. */
    static Operation inPlace(String path, Activation function, long values) {
        Kept kept = function == Activation.RELU ? Kept.NOTHING : Kept.values(values);
        return Operation.pass(path, name(function), values, values, kept);
    }

    /** A function of somebody else's result, which stays; none for the linear one. */
    static Optional<Operation> activation(String path, Activation function, long values) {
        return function == Activation.LINEAR
                ? Optional.empty()
                : Optional.of(Operation.pass(path, name(function), values, values, Kept.values(values)));
    }

    private static String name(Activation function) {
        return function.name().toLowerCase(Locale.ROOT);
    }
}
