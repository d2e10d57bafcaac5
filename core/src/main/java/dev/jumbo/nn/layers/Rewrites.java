package dev.jumbo.nn.layers;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Differentiable;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Layout;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.layers.basic.ActivationLayer;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Dropout;
import dev.jumbo.nn.layers.basic.Flatten;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.MaxPool2d;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@link Sequential} builds instead of what was described, where the values and the gradients are the same and the
 * time is less. The list keeps its length, so the names of parameters stay.
 */
final class Rewrites {
    private Rewrites() {}

    static List<Layer> apply(List<Layer> layers, Specs in) {
        List<Layer> result = new ArrayList<>(layers);
        activationBehindPool(result);
        flattenInMemoryOrder(result, in);
        return result;
    }

    /** As {@link #apply}, of packed products, which do the function where the sums are: it costs nothing there. */
    static List<Layer> applyForInference(List<Layer> layers, Specs in) {
        List<Layer> result = new ArrayList<>(layers);
        flattenInMemoryOrder(result, in);
        return result;
    }

    /**
     * max(relu(x)) = relu(max(x)), on a quarter of the data for a 2x2 pool: 20 to 27 % of a small network's step. The
     * function may be a convolution's own, or a layer before the pool, as behind a normalisation.
     */
    private static void activationBehindPool(List<Layer> layers) {
        for (int i = 0; i + 1 < layers.size(); i++) {
            if (!(layers.get(i + 1) instanceof MaxPool2d pool)) {
                continue;
            }
            if (layers.get(i) instanceof Conv2d conv && conv.activation().commutesWithMax()) {
                layers.set(i, conv.withActivation(Activation.LINEAR));
                layers.set(i + 1, new PoolThenActivation(pool, conv.activation()));
            } else if (layers.get(i) instanceof ActivationLayer layer
                    && layer.function().commutesWithMax()) {
                layers.set(i, new ActivationLayer(Activation.LINEAR));
                layers.set(i + 1, new PoolThenActivation(pool, layer.function()));
            }
        }
    }

    /** Flattening a channels-last image in its own order is a view; the dense layer behind reorders its columns instead. */
    private static void flattenInMemoryOrder(List<Layer> layers, Specs in) {
        Specs given = in;
        for (int i = 0; i < layers.size(); i++) {
            Shape shape = given.main().shape();
            if (layers.get(i) instanceof Flatten && shape.rank() == 3) {
                int reader = i + 1;
                while (reader < layers.size() && passesColumns(layers.get(reader))) {
                    reader++;
                }
                if (reader < layers.size() && layers.get(reader) instanceof Dense dense) {
                    layers.set(i, new FlattenChannelsLast());
                    layers.set(reader, new DenseBehindImage(dense, shape));
                }
            }
            given = i + 1 < layers.size() ? given.then(layers.get(i).outputs(given)) : given;
        }
    }

    /** Whether the order of the columns makes no difference to a layer. */
    private static boolean passesColumns(Layer layer) {
        return layer instanceof Dropout
                || layer instanceof ActivationLayer activation
                        && activation.function().isElementwise();
    }

    private record PoolThenActivation(MaxPool2d pool, Activation activation) implements UnaryLayer {
        @Override
        public Shape outputShape(Shape input) {
            return pool.outputShape(input);
        }

        @Override
        public long flops(Shape input) {
            return pool.flops(input);
        }

        @Override
        public List<Operation> work(Shape input, Compute how) {
            List<Operation> work = new ArrayList<>(pool.work(input, how));
            work.addAll(activation.workInPlace(outputShape(input).elements()));
            return work;
        }

        @Override
        public UnaryNetwork build(Shape input, Parameters into) {
            return pool.build(input, activation);
        }
    }

    private record FlattenChannelsLast() implements UnaryLayer {
        @Override
        public Shape outputShape(Shape input) {
            return new Flatten().outputShape(input);
        }

        @Override
        public long flops(Shape input) {
            return 0;
        }

        @Override
        public List<Operation> work(Shape input, Compute how) {
            return new Flatten().work(input, how);
        }

        @Override
        public UnaryNetwork build(Shape input, Parameters into) {
            return Differentiable.of((x, pass) -> flat(x), (x, tape) -> {
                tape.add(
                        false,
                        tape.isOutputKept(),
                        (gradient, inputToo) -> gradient.reshape(x.size(0), x.size(2), x.size(3), x.size(1))
                                .permute(0, 3, 1, 2));
                return flat(x);
            });
        }

        private static Tensor flat(Tensor x) {
            return x.permute(0, 2, 3, 1)
                    .reshape(x.size(0), x.shape().slice(1, x.rank()).elements());
        }
    }

    private record DenseBehindImage(Dense dense, Shape image) implements UnaryLayer {
        @Override
        public Shape outputShape(Shape input) {
            return dense.outputShape(input);
        }

        @Override
        public long flops(Shape input) {
            return dense.flops(input);
        }

        @Override
        public List<Operation> work(Shape input, Compute how) {
            return dense.work(input, how);
        }

        @Override
        public UnaryNetwork build(Shape input, Parameters into) {
            return dense.build(input, into, Layout.flattened(image));
        }
    }
}
