package dev.jumbo.nn;

import dev.jumbo.config.ForeignKinds;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.JumboException;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensors;
import java.util.Set;

/**
 * A layer of a program's own: what it makes is held against what it says that it makes, and what goes wrong in it is told by its path and
 * kind. Jumbo's layers are held against PyTorch's instead.
 *
 * @param name path and kind
 * @param of its class and jar
 * @param declared what it says that it makes
 */
record ForeignLayer(String name, String of, Spec declared, Network network) implements Network {
    private static final Set<String> OURS = Set.of("dev.jumbo.nn", "dev.jumbo.models");

    /** @param network that the layer has built; given back as it is where the layer is one of Jumbo's */
    static Network of(String path, Layer layer, Specs in, Network network) {
        String home = layer.getClass().getPackageName() + ".";
        if (OURS.stream().anyMatch(ours -> home.startsWith(ours + "."))) {
            return network;
        }
        String called = path.isEmpty() ? Summary.kind(layer) : path + " (" + Summary.kind(layer) + ")";
        return new ForeignLayer(
                called,
                ForeignKinds.named(layer.getClass()),
                layer.outputs(in).main(),
                ForeignKinds.given(network, layer, "build"));
    }

    @Override
    public Tensors forward(Tensors xs, Pass pass) {
        Tensors made = made(xs, pass);
        Shape shape = made.main().shape();
        // Behind a cache there are as many steps as the pass has, whatever number the model was described for.
        Spec allowed = pass.cache() != null && declared.shape().rank() > 0 ? declared.varying(0) : declared;
        if (shape.rank() == 0 || !allowed.allows(shape.slice(1, shape.rank()))) {
            throw new InputException(name + ": expected a batch [N] of " + declared
                    + ", as the layer says of itself, received " + shape);
        }
        return made;
    }

    private Tensors made(Tensors xs, Pass pass) {
        try {
            return network.forward(xs, pass);
        } catch (JumboException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            // Of libtorch's errors the first line; behind it stand pages of its stack.
            String message = e.getMessage() == null
                    ? ""
                    : ": " + e.getMessage().lines().findFirst().orElse("");
            throw new FailureException(name + ": " + e.getClass().getSimpleName() + message + "; it is " + of, e);
        }
    }
}
