package dev.jumbo.nn.blocks;

import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;

/**
 * A part of a network with a back-propagation of its own, which runs when that of the whole comes to it (as a custom autograd
 * function would; libtorch's Java binding has none).
 *
 * <pre>
 * forward     y = f(x), without gradients                     x is kept, nothing of what f made on its way
 * joined      s = -0 (t + sum of no values of x),  y += s     s is one number, -0: y keeps its bits
 * backward    gradients of all y have come when that of s has: f(x) again with gradients, its back-propagation from
 *             them, and the gradient of x in the place of the one that came through s, which is 0
 * </pre>
 *
 * where t needs a gradient, so that s has one even if x is data. Adding -0 changes no bit of any number. What one input's
 * gradient adds up to in several blocks is rounded block by block; all else is computed as without blocks, to the bit.
 */
final class Island implements Network {
    private final Islands islands;
    private final String path;
    private final Network network;
    private final List<Parameter> slots;

    /** @param slots parameters and buffers of the network */
    Island(Islands islands, String path, Network network, List<Parameter> slots) {
        this.islands = islands;
        this.path = path;
        this.network = network;
        this.slots = slots;
    }

    String path() {
        return path;
    }

    Network network() {
        return network;
    }

    List<Parameter> slots() {
        return slots;
    }

    @Override
    public Tensors forward(Tensors xs, Pass pass) {
        boolean learns = slots.stream()
                        .anyMatch(p ->
                                p.role() != Parameter.Role.BUFFER && p.tensor().requiresGrad())
                || xs.all().stream().anyMatch(Tensor::requiresGrad);
        if (learns && Autograd.isOn()) {
            return new Visit(islands, this, xs, pass).forward(xs);
        }
        return freeing(network, xs, pass);
    }

    /** Only the outputs stay, and what autograd holds. */
    static Tensors freeing(Network network, Tensors xs, Pass pass) {
        try (Scope scope = Scope.open()) {
            Tensors ys = network.forward(xs, pass.inBlock());
            ys.all().forEach(scope::keep);
            return ys;
        }
    }
}
