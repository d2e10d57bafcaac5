package dev.jumbo.nn.layers;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers in a row: the output of each is the input of the next. Parameters are named {@code layers.0.weight} and so on.
 * Building applies the {@link Rewrites} that give the same values faster.
 *
 * @param layers one or more layers
 */
@Kind("sequential")
public record Sequential(
        @Doc("Layers in the order in which they run.") List<Layer> layers) implements Layer {
    public Sequential {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new InputException("sequential: expected one or more layers, received none");
        }
    }

    public static Sequential of(Layer... layers) {
        return new Sequential(List.of(layers));
    }

    @Override
    public Shape outputShape(Shape input) {
        Shape shape = input;
        for (int i = 0; i < layers.size(); i++) {
            try {
                shape = layers.get(i).outputShape(shape);
            } catch (ShapeException e) {
                throw e.within("layers." + i);
            }
        }
        return shape;
    }

    @Override
    public List<Boolean> ids(List<Boolean> inputs) {
        List<Boolean> ids = inputs;
        for (int i = 0; i < layers.size(); i++) {
            try {
                ids = layers.get(i).ids(ids);
            } catch (ShapeException e) {
                throw e.within("layers." + i);
            }
        }
        return ids;
    }

    @Override
    public long flops(Shape input) {
        return Part.flops(parts(List.of(input)));
    }

    @Override
    public List<Part> parts(List<Shape> inputs) {
        List<Part> parts = new ArrayList<>();
        List<Shape> shapes = inputs;
        for (int i = 0; i < layers.size(); i++) {
            parts.add(new Part("layers." + i, layers.get(i), shapes));
            shapes = layers.get(i).outputShapes(shapes);
        }
        return parts;
    }

    @Override
    public Network build(Shape input, Parameters into) {
        return build(Rewrites.apply(layers, input), input, 0, layers.size(), into);
    }

    /** Some of the layers, under the names that they have among all. @param input what the first of all receives */
    static Network build(List<Layer> all, Shape input, int from, int to, Parameters into) {
        List<Network> networks = new ArrayList<>();
        Shape shape = input;
        for (int i = 0; i < to; i++) {
            if (i >= from) {
                networks.add(all.get(i).build(shape, into.child("layers").child(Integer.toString(i))));
            }
            shape = all.get(i).outputShape(shape);
        }
        return new Chain(List.copyOf(networks));
    }

    private record Chain(List<Network> networks) implements Network {
        @Override
        public Tensor forward(Tensor x, Pass pass) {
            Tensor y = x;
            for (Network network : networks) {
                y = network.forward(y, pass);
                pass.tell(y);
            }
            return y;
        }
    }
}
