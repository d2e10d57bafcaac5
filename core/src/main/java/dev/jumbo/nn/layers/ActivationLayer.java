package dev.jumbo.nn.layers;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.tensor.Shape;

/** An {@link Activation} as a layer of its own, for instance behind a normalisation: {@code activation: relu}. */
@Kind("activation")
public record ActivationLayer(@Doc("The function.") Activation function) implements Layer {
    @Override
    public Shape outputShape(Shape input) {
        return input;
    }

    @Override
    public long flops(Shape input) {
        return function == Activation.LINEAR ? 0 : input.elements();
    }

    @Override
    public Network build(Shape input, Parameters into) {
        return (x, pass) -> function.apply(x);
    }
}
