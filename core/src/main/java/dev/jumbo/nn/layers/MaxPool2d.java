package dev.jumbo.nn.layers;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;

/** The largest value of each window: {@code [C, H, W]} becomes {@code [C, H / size, W / size]}, rounded down. */
@Kind("max_pool2d")
public record MaxPool2d(
        @Doc("Height and width of the window, and the step.")
        int poolSize) implements Layer {
    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 3 || input.size(1) < poolSize || input.size(2) < poolSize) {
            throw new ShapeException("", "an image [C, H, W] of at least the pool's size " + poolSize, input);
        }
        return Shape.of(input.size(0), input.size(1) / poolSize, input.size(2) / poolSize);
    }

    @Override
    public Network build(Shape input, Parameters into) {
        long[] size = {poolSize, poolSize};
        long[] none = {0, 0};
        return (x, pass) -> Functional.maxPool2d(x, size, size, none);
    }
}
