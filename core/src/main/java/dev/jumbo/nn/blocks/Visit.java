package dev.jumbo.nn.blocks;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.GeneratorState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A pass through an {@link Island}, between its forward and its backward pass. */
final class Visit implements AutoCloseable {
    private final Islands islands;
    private final Island island;
    private final Pass pass;
    private final Set<String> learning = new HashSet<>();
    /** Null where the forward pass runs once. */
    private final @Nullable GeneratorState draws;

    /** What the island was given, in memory of its own handles: it outlives the scope of the forward pass. */
    private final Map<String, Tensor> kept = new LinkedHashMap<>();

    private final Map<String, Tensor> outputGradients = new LinkedHashMap<>();
    private final Map<String, Tensor> inputGradients = new LinkedHashMap<>();
    private final List<HookPool.Use> hooks = new ArrayList<>();
    /** Of a forward pass that was recorded: where its back-propagation begins and ends. */
    private final Map<String, Tensor> roots = new LinkedHashMap<>();

    private final Map<String, Tensor> leaves = new LinkedHashMap<>();
    private Gate.@Nullable Entry entry;

    Visit(Islands islands, Island island, Tensors xs, Pass pass) {
        this.islands = islands;
        this.island = island;
        this.pass = pass;
        draws = island.kind().recomputes() ? GeneratorState.of(xs.main().device()) : null;
        xs.byName().forEach((name, x) -> {
            kept.put(name, x.detach().retain());
            if (x.requiresGrad()) {
                learning.add(name);
            }
        });
        islands.begin(this);
    }

    Tensors forward(Tensors xs) {
        try (Scope scope = Scope.open()) {
            entry = island.enter(false);
            Tensors ys = island.kind().recomputes() ? plain(xs) : recorded();
            leaveParameters();
            Tensor trunk = trunk(xs);
            Tensors joined = ys;
            for (String name : ys.names()) {
                Tensor y = ys.require(name);
                if (y.dtype().isFloating()) {
                    boolean shared = xs.all().stream().anyMatch(y::sharesMemoryWith);
                    Tensor fresh = y.apart(); // Autograd may have kept the output: its bits stay.
                    Tensor out = shared ? fresh.add(trunk) : fresh.add_(trunk);
                    hook(out, gradient -> {
                        outputGradients.put(name, gradient.detach().retain());
                        return gradient;
                    });
                    joined = joined.with(name, out);
                }
            }
            joined.all().forEach(scope::keep);
            return joined;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void leaveParameters() {
        if (entry != null && island.kind().recomputes()) {
            entry.close();
            entry = null;
        } else if (entry != null && !island.kind().stays()) {
            entry.leave();
        }
    }

    /** From the inputs on, by itself. */
    private Tensors recorded() {
        kept.forEach((name, x) -> {
            if (learning.contains(name)) {
                leaves.put(name, x.detach().requiresGrad(true).retain());
            }
        });
        Map<String, Tensor> given = new LinkedHashMap<>(kept);
        given.putAll(leaves);
        Tensors ys = island.network().forward(Tensors.of(given), pass.inBlock());
        ys.byName().forEach((name, y) -> {
            if (y.requiresGrad()) {
                roots.put(name, y.retain());
            }
        });
        return ys;
    }

    /** Nothing is recorded, and nobody hears it: what counts is the second time. */
    private Tensors plain(Tensors xs) {
        long[] versions = xs.all().stream().mapToLong(Tensor::version).toArray();
        Tensors ys;
        try (Autograd off = Autograd.noGrad()) {
            ys = island.network().forward(xs, pass.unheard());
        }
        int i = 0;
        for (String name : xs.names()) {
            if (xs.require(name).version() != versions[i++]) {
                throw new InputException(island.path() + " changes its input \"" + name + "\" in place, so its forward"
                        + " pass cannot run a second time: let the layer change a copy, or set recompute: false");
            }
        }
        return ys;
    }

    /** One number, -0, by which gradients find their way from the outputs to the inputs. */
    private Tensor trunk(Tensors xs) {
        Tensor sum = Tensor.zeros(Shape.of(), DType.FLOAT32)
                .to(xs.main().device())
                .requiresGrad(true)
                .add(0);
        for (String name : xs.names()) {
            if (learning.contains(name)) {
                Tensor x = xs.require(name);
                Tensor door = x.view(x.shape().toArray());
                hook(door, gradient -> {
                    Tensor own = inputGradients.remove(name);
                    if (own == null) {
                        return gradient;
                    }
                    Tensor handed = own.detach();
                    own.close();
                    return handed;
                });
                sum = sum.add(door.narrow(0, 0, 0).sum());
            }
        }
        Tensor trunk = sum.mul(-0.0);
        hook(trunk, gradient -> {
            if (!islands.hasFailed()) {
                try {
                    backward();
                } catch (RuntimeException e) {
                    islands.fail(e);
                }
            }
            return gradient;
        });
        return trunk;
    }

    private void hook(Tensor tensor, UnaryOperator<Tensor> action) {
        hooks.add(islands.hooks().on(tensor, action));
    }

    /** The back-propagation of the island, from the gradients of its outputs. */
    private void backward() {
        try (Scope scope = Scope.open()) {
            if (!island.kind().recomputes()) {
                if (entry != null) {
                    entry.again();
                }
                propagate(roots, leaves);
            } else {
                entry = island.enter(true);
                secondPass();
            }
        } finally {
            closeKept();
        }
    }

    private void secondPass() {
        Map<String, Tensor> given = new LinkedHashMap<>();
        kept.forEach((name, x) ->
                given.put(name, learning.contains(name) ? x.detach().requiresGrad(true) : x));
        Map<Parameter, Tensor> buffers = buffers();
        Map<String, Tensor> ys;
        try (Autograd on = Autograd.grad();
                GeneratorState.Replay replay = Objects.requireNonNull(draws).replay()) {
            ys = island.network().forward(Tensors.of(given), pass.inBlock()).byName();
        }
        given.keySet().retainAll(learning);
        propagate(ys, given);
        restore(buffers);
    }

    private void propagate(Map<String, Tensor> outputs, Map<String, Tensor> inputs) {
        if (entry != null) {
            entry.expectGradients();
        }
        List<Tensor> from = new ArrayList<>();
        List<Tensor> gradients = new ArrayList<>();
        outputGradients.forEach((name, gradient) -> {
            Tensor output = outputs.get(name);
            if (output != null && output.requiresGrad()) {
                from.add(output);
                gradients.add(gradient);
            }
        });
        if (!from.isEmpty()) {
            Autograd.backward(from, gradients);
        }
        inputs.forEach((name, leaf) -> {
            Tensor gradient = leaf.gradOrNull();
            if (gradient != null) {
                inputGradients.put(name, gradient.detach().retain()); // grad() is the leaf's own.
            }
        });
        if (entry != null) {
            entry.takeGradients();
        }
    }

    /** Running statistics count a batch once. */
    private Map<Parameter, Tensor> buffers() {
        Map<Parameter, Tensor> before = new LinkedHashMap<>();
        for (Parameter slot : island.slots()) {
            if (slot.role() == Parameter.Role.BUFFER) {
                before.put(slot, slot.tensor().copy());
            }
        }
        return before;
    }

    private static void restore(Map<Parameter, Tensor> buffers) {
        try (Autograd off = Autograd.noGrad()) {
            buffers.forEach((slot, before) -> slot.tensor().copy_(before));
        }
    }

    private void closeKept() {
        kept.values().forEach(Tensor::close);
        outputGradients.values().forEach(Tensor::close);
        outputGradients.clear();
        List.of(roots, leaves).forEach(tensors -> {
            tensors.values().forEach(Tensor::close);
            tensors.clear();
        });
        if (entry != null) {
            entry.close();
            entry = null;
        }
        if (draws != null) {
            draws.close();
        }
        islands.end(this);
    }

    /** Frees what is held: of of a pass that is never propagated back. */
    @Override
    public void close() {
        closeKept();
        inputGradients.values().forEach(Tensor::close);
        inputGradients.clear();
        hooks.forEach(HookPool.Use::end);
    }
}
