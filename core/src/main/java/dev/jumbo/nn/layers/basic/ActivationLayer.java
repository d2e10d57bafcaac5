package dev.jumbo.nn.layers.basic;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Shape;
import java.util.List;

/** An {@link Activation} as a layer of its own, for instance behind a normalisation: {@code activation: relu}. */
@Kind("activation")
public record ActivationLayer(@Doc("The function.") Activation function) implements UnaryLayer {
    @Override
    public Shape outputShape(Shape input) {
        return input;
    }

    @Override
    public long flops(Shape input) {
        return function == Activation.LINEAR ? 0 : input.elements();
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        return function.work(input.elements());
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return function.isElementwise() || input.rank() > 1;
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        return (x, pass) -> function.apply(x);
    }
}
