package dev.jumbo.nn.layers;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Cache;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Layers in a row, as of {@link Sequential}, whose output is the memory that a decoder looks at. In a pass with a {@link Cache} they run once: what they made of the
 * whole input is kept, as a decoder that goes on step by step always looks at the same.
 *
 * @param layers one or more layers
 * @param names of the layers, as many; empty for {@code layers.0} and so on
 */
@Kind("encoder")
public record Encoder(
        @Doc("Layers in the order in which they run.") List<Layer> layers,

        @Doc("Names of the layers, as many; layers.0 and so on if left out.") @Default("[]")
        List<String> names)
        implements Layer {
    public Encoder {
        Sequential row = new Sequential(layers, names);
        layers = row.layers();
        names = row.names();
    }

    /** Layers with names of their own, in order. */
    public static Encoder named(Map<String, Layer> layers) {
        return new Encoder(List.copyOf(layers.values()), List.copyOf(layers.keySet()));
    }

    private Sequential row() {
        return new Sequential(layers, names);
    }

    @Override
    public Specs outputs(Specs in) {
        return row().outputs(in);
    }

    @Override
    public long flops(Specs in) {
        return row().flops(in);
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        return row().work(in, how);
    }

    @Override
    public List<Part> parts(Specs in) {
        return row().parts(in);
    }

    @Override
    public Encoder withPart(String path, Layer other) {
        Sequential changed = row().withPart(path, other);
        return new Encoder(changed.layers(), changed.names());
    }

    @Override
    public Set<String> sides() {
        return row().sides();
    }

    @Override
    public Set<String> reads(Specs in) {
        return row().reads(in);
    }

    @Override
    public boolean divides() {
        return true;
    }

    @Override
    public boolean goesOn(Specs in) {
        return true;
    }

    @Override
    public boolean runsOnce() {
        return true;
    }

    @Override
    public Network build(Specs in, Parameters into) {
        Network network = row().build(in, into);
        String path = into.path();
        return (xs, pass) -> {
            @Nullable Cache cache = pass.cache();
            return cache == null ? network.forward(xs, pass) : kept(network, path, xs, pass, cache);
        };
    }

    private static Tensors kept(Network network, String path, Tensors xs, Pass pass, Cache cache) {
        if (!cache.holds(path)) {
            Tensors made = network.forward(xs, pass.withoutCache());
            cache.keep(path, made.main());
        }
        Tensor memory = Objects.requireNonNull(cache.kept(path)).get(0);
        // A handle of this pass, as the cache's own is freed with the cache.
        return Tensors.of(memory.detach());
    }
}
