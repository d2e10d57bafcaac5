package dev.jumbo.nn.layers;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.Differentiable;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.Tape;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Layers in a row: the output of each is the main input of the next. Side inputs, such as a mask, ride along to the layers that
 * read them. Parameters are named {@code layers.0.weight} and so on, or after the layers' own names. Building applies the {@link Rewrites} that give the same
 * values faster.
 *
 * @param layers one or more layers
 * @param names of the layers, as many, such as those of public weights: {@code encoder.ln} makes {@code encoder.ln.weight}; empty
 *     for {@code layers.0} and so on
 */
@Kind("sequential")
public record Sequential(
        @Doc("Layers in the order in which they run.") List<Layer> layers,

        @Doc("Names of the layers, as many; layers.0 and so on if left out.") @Default("[]")
        List<String> names)
        implements Layer {
    public Sequential {
        layers = List.copyOf(layers);
        names = List.copyOf(names);
        if (!names.isEmpty()) {
            requireNames(names, layers.size());
        }
        if (layers.isEmpty()) {
            throw new InputException("sequential: expected one or more layers, received none");
        }
    }

    /** Layers without names of their own. */
    public Sequential(List<Layer> layers) {
        this(layers, List.of());
    }

    public static Sequential of(Layer... layers) {
        return new Sequential(List.of(layers));
    }

    /** Layers with names of their own, in order. */
    public static Sequential named(Map<String, Layer> layers) {
        return new Sequential(List.copyOf(layers.values()), List.copyOf(layers.keySet()));
    }

    private static void requireNames(List<String> names, int layers) {
        if (names.size() != layers) {
            throw new InputException(
                    "sequential.names: expected one for each of " + layers + " layers, received " + names.size());
        }
        for (String name : names) {
            boolean inside = names.stream().anyMatch(other -> other.startsWith(name + "."));
            if (!name.matches("[A-Za-z0-9_]++(\\.[A-Za-z0-9_]++)*+")
                    || inside
                    || names.indexOf(name) != names.lastIndexOf(name)) {
                throw new InputException(
                        "sequential.names: expected different names of letters, digits, underscores and"
                                + " dots between them, none the beginning of another, received \"" + name + "\" among "
                                + names);
            }
        }
    }

    @Override
    public Specs outputs(Specs in) {
        if (sides().contains(Specs.MAIN)) {
            // The output of a layer goes by that name, so a side input of the name would be lost.
            throw new ShapeException("", "side inputs of other names than \"" + Specs.MAIN + "\"", sides());
        }
        Specs given = in;
        Specs made = in;
        for (int i = 0; i < layers.size(); i++) {
            try {
                made = layers.get(i).outputs(given);
                given = given.then(made);
            } catch (ShapeException e) {
                throw e.within(name(i));
            }
        }
        return result(in, given, made);
    }

    /** What the last layer makes, and side inputs that layers inside have changed. */
    private static Specs result(Specs in, Specs end, Specs made) {
        Specs all = made;
        for (String name : in.names()) {
            if (!name.equals(in.mainName()) && !end.require(name).equals(in.require(name))) {
                all = all.with(name, end.require(name));
            }
        }
        return all;
    }

    @Override
    public long flops(Specs in) {
        return Part.flops(parts(in));
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        return Cost.of(row(Rewrites.apply(layers, in), in, 0, layers.size()), how);
    }

    @Override
    public List<Part> parts(Specs in) {
        return row(layers, in, 0, layers.size());
    }

    /** Layers of this row, or what is built instead of them, with what each receives. */
    List<Part> row(List<Layer> all, Specs in, int from, int to) {
        List<Part> parts = new ArrayList<>();
        Specs given = in;
        for (int i = 0; i < to; i++) {
            if (i >= from) {
                parts.add(new Part(name(i), all.get(i), given));
            }
            given = i + 1 < to ? given.then(all.get(i).outputs(given)) : given;
        }
        return parts;
    }

    /** The path of a layer. */
    String name(int index) {
        return names.isEmpty() ? "layers." + index : names.get(index);
    }

    @Override
    public Sequential withPart(String path, Layer other) {
        List<Layer> swapped = new ArrayList<>(layers);
        for (int i = 0; i < layers.size(); i++) {
            if (name(i).equals(path)) {
                swapped.set(i, other);
                return new Sequential(swapped, names);
            }
        }
        throw new InputException("sequential: expected a part from " + name(0) + " to " + name(layers.size() - 1)
                + ", received \"" + path + "\"");
    }

    @Override
    public Set<String> sides() {
        Set<String> sides = new LinkedHashSet<>();
        layers.forEach(layer -> sides.addAll(layer.sides()));
        return sides;
    }

    @Override
    public Set<String> reads(Specs in) {
        Set<String> read = new LinkedHashSet<>(sides());
        read.retainAll(in.names());
        read.addAll(layers.get(0).reads(in));
        return read;
    }

    @Override
    public boolean divides() {
        return true;
    }

    @Override
    public Network build(Specs in, Parameters into) {
        List<Layer> all = into.packing() == null ? Rewrites.apply(layers, in) : Rewrites.applyForInference(layers, in);
        return build(all, in, 0, layers.size(), into);
    }

    /** Some of the layers, under the names that they have among all. @param in what the first of all receives */
    Network build(List<Layer> all, Specs in, int from, int to, Parameters into) {
        List<Network> networks = into.buildRow(row(all, in, from, to), Chain::of);
        // In a divided model the last network may be a block of several layers.
        boolean lastAlone = networks.size() == to - from && all.get(to - 1).eachStepAlone();
        return Chain.of(networks, true).endingAlone(lastAlone);
    }

    /**
     * A row of built layers.
     *
     * @param own the first networks, as far as they know their own backward pass
     * @param end whether it is the last of the row; behind another follow layers that may read whatever was made in it
     * @param lastAlone whether the last network can be given some steps alone
     */
    private record Chain(List<Network> networks, List<Differentiable> own, boolean end, boolean lastAlone)
            implements Network {
        static Chain of(List<Network> networks, boolean end) {
            List<Differentiable> own = new ArrayList<>();
            for (Network network : networks) {
                @Nullable Differentiable differentiable = network.differentiable();
                if (differentiable == null) {
                    break;
                }
                own.add(differentiable);
            }
            return new Chain(networks, List.copyOf(own), end, false);
        }

        Chain endingAlone(boolean alone) {
            return new Chain(networks, own, end, alone);
        }

        @Override
        public Tensors forward(Tensors xs, Pass pass) {
            Tensors given = xs;
            Tensors made = xs;
            int next = 0;
            @Nullable Tape tape = pass.tape();
            if (tape != null && pass.isRecorded() && !own.isEmpty() && tape.takes(xs.main())) {
                made = Tensors.of(tape.through(own, xs.main()));
                given = given.then(made);
                next = own.size();
            }
            Pass inside = pass.allSteps();
            int last = pass.lastStep() && lastAlone && xs.size() == 1 ? networks.size() - 1 : -1;
            for (int i = next; i < networks.size(); i++) {
                Tensors received = i == last ? lastStep(given) : given;
                made = networks.get(i).forward(received, inside);
                given = given.then(made);
            }
            if (given.size() == 1 || (end && xs.size() == 1)) {
                return made;
            }
            Tensors all = made;
            for (String name : given.names()) {
                boolean outside = end ? xs.has(name) && !name.equals(xs.mainName()) : !made.has(name);
                if (outside && given.require(name) != xs.get(name)) {
                    all = all.with(name, given.require(name));
                }
            }
            return all;
        }

        private static Tensors lastStep(Tensors given) {
            Tensor x = given.main();
            return x.rank() > 2 ? given.withMain(x.narrow(1, x.size(1) - 1, 1)) : given;
        }
    }
}
