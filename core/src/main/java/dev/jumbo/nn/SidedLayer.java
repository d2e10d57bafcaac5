package dev.jumbo.nn;

import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensors;
import java.util.Set;

/**
 * A {@link UnaryLayer} that reads side inputs where they are given, such as a mask of padding, positions, a time step or the output
 * of an encoder. Without them it computes as if all steps were real and in order.
 */
public interface SidedLayer extends UnaryLayer {
    @Override
    Set<String> sides();

    /** Reserves the layer's slots and returns what computes with them, which asks the tensors that it is given for its side inputs. */
    @Override
    Network build(Specs in, Parameters into);

    @Override
    default UnaryNetwork build(Shape input, Parameters into) {
        Network network = build(Specs.of(input), into);
        return (x, pass) -> network.forward(Tensors.of(x), pass).main();
    }
}
