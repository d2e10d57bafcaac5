package dev.jumbo.train.infer;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Parts;
import dev.jumbo.nn.layers.Residual;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.ActivationLayer;
import dev.jumbo.nn.layers.basic.BatchNorm;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Dropout;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A described network with fewer steps and the same values: batch normalisation with its running statistics is a factor and a shift of
 * each channel, which go into the convolution or dense layer before it, {@code W' = W g / sqrt(v + e)}, {@code b' = (b - m) g / sqrt(v +
 * e) + s}; the function behind goes into that layer as well. Paths stay; what is folded away is a layer that does nothing.
 */
final class Folding {
    private static final Layer NOTHING = new ActivationLayer(Activation.LINEAR);

    private final Map<String, Tensor> weights;

    /** @param weights by name, in an open scope; changed to those of the folded network */
    Folding(Map<String, Tensor> weights) {
        this.weights = weights;
    }

    Layer fold(Layer layer, Specs in) {
        return fold(layer, in, "");
    }

    private Layer fold(Layer layer, Specs in, String path) {
        if (layer instanceof Sequential row) {
            return new Sequential(row(row, in, path), row.names());
        }
        if (layer instanceof Residual residual) {
            Layer around = residual.projection();
            return new Residual(
                    row(new Sequential(residual.layers()), in, path),
                    around == null ? null : fold(around, in, Parts.join(path, "projection")),
                    residual.activation());
        }
        Layer folded = layer;
        for (Layer.Part part : layer.parts(in)) {
            Layer other = fold(part.layer(), part.inputs(), Parts.join(path, part.path()));
            if (!other.equals(part.layer())) {
                folded = folded.withPart(part.path(), other);
            }
        }
        return folded;
    }

    private List<Layer> row(Sequential row, Specs in, String path) {
        List<Layer.Part> parts = row.parts(in);
        List<Layer> layers = new ArrayList<>();
        for (Layer.Part part : parts) {
            layers.add(fold(part.layer(), part.inputs(), Parts.join(path, part.path())));
        }
        for (int i = 0; i + 1 < layers.size(); i++) {
            if (!isLinear(layers.get(i))) {
                continue;
            }
            int next = behind(layers, i);
            if (next < layers.size()
                    && layers.get(next) instanceof BatchNorm norm
                    && foldNorm(
                            norm,
                            Parts.join(path, parts.get(i).path()),
                            Parts.join(path, parts.get(next).path()))) {
                layers.set(i, withBias(layers.get(i)));
                layers.set(next, NOTHING);
                next = behind(layers, next);
            }
            if (next < layers.size() && layers.get(next) instanceof ActivationLayer function) {
                layers.set(i, with(layers.get(i), function.function()));
                layers.set(next, NOTHING);
            }
        }
        return layers;
    }

    /** The next layer that does something in inference. */
    private static int behind(List<Layer> layers, int index) {
        int next = index + 1;
        while (next < layers.size()
                && (layers.get(next) instanceof Dropout || layers.get(next).equals(NOTHING))) {
            next++;
        }
        return next;
    }

    private static boolean isLinear(Layer layer) {
        return (layer instanceof Conv2d conv && conv.activation() == Activation.LINEAR)
                || (layer instanceof Dense dense && dense.activation() == Activation.LINEAR);
    }

    private static Layer withBias(Layer layer) {
        if (layer instanceof Conv2d conv) {
            return new Conv2d(
                    conv.filters(),
                    conv.kernelSize(),
                    conv.activation(),
                    conv.stride(),
                    conv.padding(),
                    conv.dilation(),
                    conv.groups(),
                    true,
                    conv.kernelInitializer(),
                    conv.biasInitializer());
        }
        return Dense.of(((Dense) layer).units(), Activation.LINEAR);
    }

    private static Layer with(Layer layer, Activation function) {
        if (layer instanceof Conv2d conv) {
            return conv.withActivation(function);
        }
        Dense dense = (Dense) layer;
        return new Dense(dense.units(), function, dense.useBias(), Initializers.glorotUniform(), Initializers.zeros());
    }

    /** Whether the weights of both are there and of the shapes that a channel each has. */
    private boolean foldNorm(BatchNorm norm, String product, String at) {
        @Nullable Tensor weight = weights.get(product + ".weight");
        @Nullable Tensor bias = weights.get(product + ".bias");
        @Nullable Tensor factor = weights.get(at + ".weight");
        @Nullable Tensor shift = weights.get(at + ".bias");
        @Nullable Tensor mean = weights.get(at + ".running_mean");
        @Nullable Tensor variance = weights.get(at + ".running_var");
        if (weight == null || factor == null || shift == null || mean == null || variance == null) {
            return false;
        }
        if (factor.elements() != weight.size(0)) {
            return false; // A dense layer over [T, in] is normalised by its steps.
        }
        Tensor scale = exact(factor).div(exact(variance).add(norm.epsilon()).sqrt());
        long[] each = new long[weight.rank()];
        Arrays.fill(each, 1);
        each[0] = weight.size(0);
        Tensor from = bias == null ? Tensor.zeros(Shape.of(weight.size(0)), DType.FLOAT64) : exact(bias);
        weights.put(product + ".weight", exact(weight).mul(scale.view(each)).to(DType.FLOAT32));
        weights.put(
                product + ".bias",
                from.sub(exact(mean)).mul(scale).add(exact(shift)).to(DType.FLOAT32));
        for (String name : List.of(".weight", ".bias", ".running_mean", ".running_var")) {
            weights.remove(at + name);
        }
        return true;
    }

    private static Tensor exact(Tensor x) {
        return x.to(DType.FLOAT64);
    }
}
