package dev.jumbo.nn.layers;

import dev.jumbo.nn.Network;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/** A network that makes one output of several inputs. */
record Merge(Function<List<Tensor>, Tensor> function) implements Network {
    @Override
    public Tensor forward(Tensor x, Pass pass) {
        throw needsSeveral(x.shape());
    }

    @Override
    public List<Tensor> forward(List<Tensor> xs, Pass pass) {
        return List.of(function.apply(xs));
    }

    static ShapeException needsSeveral(Shape input) {
        return new ShapeException("", "two or more inputs (use a graph)", input);
    }

    static void requireSeveral(List<Shape> inputs) {
        if (inputs.size() < 2) {
            throw new ShapeException("", "two or more inputs", inputs);
        }
    }
}
