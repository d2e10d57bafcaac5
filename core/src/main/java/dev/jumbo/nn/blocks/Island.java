package dev.jumbo.nn.blocks;

import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a network with a back-propagation of its own, which runs when that of the whole comes to it (as a custom autograd
 * function would; libtorch's Java binding has none).
 *
 * <pre>
 * forward     y = f(x)                                        without gradients, or recorded from x on by itself
 * joined      s = -0 (t + sum of no values of x),  y += s     s is one number, -0: y keeps its bits
 * backward    gradients of all y have come when that of s has: f(x) again with gradients, or what was recorded; its
 *             back-propagation; and the gradient of x in the place of the one that came through s, which is 0
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
    private final Kind kind;
    private final @Nullable Gate gate;

    /**
     * What becomes of a block between its passes.
     *
     * @param recomputes whether its forward pass runs twice
     * @param stays whether its parameters stay until the backward pass, which comes at once
     */
    record Kind(boolean recomputes, boolean stays) {}

    /**
     * @param slots parameters and buffers of the network
     * @param gate by which its parameters come and go; null where they are always there
     */
    Island(Islands islands, String path, Network network, List<Parameter> slots, Kind kind, @Nullable Gate gate) {
        this.islands = islands;
        this.path = path;
        this.network = network;
        this.slots = slots;
        this.kind = kind;
        this.gate = gate;
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

    Kind kind() {
        return kind;
    }

    Gate.@Nullable Entry enter(boolean back) {
        return gate == null ? null : gate.enter(back);
    }

    private boolean learns() {
        return gate == null
                ? slots.stream()
                        .anyMatch(p -> p.role() != Parameter.Role.BUFFER
                                && !p.isFrozen()
                                && p.tensor().requiresGrad())
                : gate.learns();
    }

    @Override
    public Tensors forward(Tensors xs, Pass pass) {
        boolean learns = learns() || xs.all().stream().anyMatch(Tensor::requiresGrad);
        if (learns && Autograd.isOn()) {
            return new Visit(islands, this, xs, pass).forward(xs);
        }
        Gate.Entry entry = enter(false);
        try {
            return freeing(network, xs, pass);
        } finally {
            if (entry != null) {
                entry.close();
            }
        }
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
