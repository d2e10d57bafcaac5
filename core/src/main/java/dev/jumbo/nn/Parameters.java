package dev.jumbo.nn;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a model, collected while its layers are built; {@link FlatStore} gives them memory. A layer sees only
 * the part under its own path.
 */
public final class Parameters {
    private final String path;
    private final Map<String, Parameter> slots;
    private final Map<String, Parameter> aliases;
    /** Slots of other layers that layers have asked for, in the order in which they did. */
    private final List<Parameter> shared;

    /** Whether this is a part of a model that is built by itself, to count what it has. */
    private final boolean alone;

    /** Null where the model is not divided, and inside a block. */
    private final @Nullable Division division;

    /** Null but for inference. */
    private final @Nullable Packing packing;

    private Parameters(
            String path,
            Map<String, Parameter> slots,
            Map<String, Parameter> aliases,
            List<Parameter> shared,
            boolean alone,
            @Nullable Division division,
            @Nullable Packing packing) {
        this.path = path;
        this.slots = slots;
        this.aliases = aliases;
        this.shared = shared;
        this.alone = alone;
        this.division = division;
        this.packing = packing;
    }

    /** No slots yet. */
    public static Parameters collect() {
        return collect(null);
    }

    /** As {@link #collect()}. @param packing arranges weights for inference; or null */
    static Parameters collect(@Nullable Packing packing) {
        return new Parameters(
                "", new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>(), false, null, packing);
    }

    /** As {@link #collect}, for a part of a model by itself, to count what it has: slots of other parts are taken to be there. */
    public static Parameters ofPart() {
        return new Parameters("", new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>(), true, null, null);
    }

    private Parameters inside(String below, @Nullable Division divided) {
        return new Parameters(below, slots, aliases, shared, alone, divided, packing);
    }

    /** Builds a model from its root. @param division into blocks, or null for none */
    static Network build(Layer model, Specs in, Parameters into, @Nullable Division division) {
        return into.inside("", division).divided(new Layer.Part("", model, in), "", true);
    }

    /** The part under a name: {@code child("layers").child("0")} reserves {@code layers.0.weight} and so on. */
    public Parameters child(String name) {
        return inside(join(name), null);
    }

    /**
     * Builds a layer of a container under a name: the way by which it can be reached by its path and listened to.
     *
     * @param name below this part, as {@link Layer#parts} gives it: {@code layers.0}
     */
    public Network build(String name, Layer layer, Specs in) {
        Parameters inside = child(name);
        return new Reached(inside.path, ForeignLayer.of(inside.path, layer, in, layer.build(in, inside)));
    }

    /**
     * As {@link #build}, of a layer that a container joins with its others in its own way: it may be a block of a divided model,
     * or hold several.
     */
    public Network buildNode(Layer.Part part) {
        return new Reached(join(part.path()), divided(part, join(part.path()), false));
    }

    /**
     * As {@link #build}, of consecutive layers, which a divided model may have in blocks of several.
     *
     * @param chain makes one network of several built layers, behind which others follow or not
     */
    public List<Network> buildRow(List<Layer.Part> row, Chain chain) {
        List<Network> built = new ArrayList<>();
        int from = 0;
        for (int length : division == null ? Collections.nCopies(row.size(), 1) : division.cut(row)) {
            List<Layer.Part> parts = row.subList(from, from + length);
            boolean end = from + length == row.size();
            built.add(length == 1 ? lone(parts.get(0), end) : several(parts, chain, end));
            from += length;
        }
        return built;
    }

    /** How several layers in a row become one. */
    @FunctionalInterface
    public interface Chain {
        /** @param end whether no other layer of the row follows */
        Network of(List<Network> networks, boolean end);
    }

    private Network lone(Layer.Part part, boolean end) {
        return new Reached(join(part.path()), divided(part, join(part.path()), end && path.isEmpty()));
    }

    private Network several(List<Layer.Part> parts, Chain chain, boolean end) {
        Mark before = mark();
        Network network = chain.of(
                parts.stream().map(p -> build(p.path(), p.layer(), p.inputs())).toList(), end);
        return Objects.requireNonNull(division)
                .block(new Division.Block(
                        join(parts.get(0).path()), parts, network, since(before), end && path.isEmpty()));
    }

    /** A container may divide itself; what does not is a block. */
    private Network divided(Layer.Part part, String at, boolean last) {
        Mark before = mark();
        int blocks = division == null ? 0 : division.count();
        Parameters inside = inside(at, part.layer().divides() ? division : null);
        Network network =
                ForeignLayer.of(at, part.layer(), part.inputs(), part.layer().build(part.inputs(), inside));
        if (division == null || division.count() > blocks) {
            return network;
        }
        return division.block(new Division.Block(at, List.of(part), network, since(before), last));
    }

    /** What there was before a block was built. */
    private record Mark(int slots, int shared) {}

    private Mark mark() {
        return new Mark(slots.size(), shared.size());
    }

    /** What a block has reserved, and what it shares with others. */
    private List<Parameter> since(Mark before) {
        Set<Parameter> all = new LinkedHashSet<>(new ArrayList<>(slots.values()).subList(before.slots(), slots.size()));
        all.addAll(shared.subList(before.shared(), shared.size()));
        return List.copyOf(all);
    }

    /** Tells the pass what goes through it. */
    private record Reached(String path, Network network) implements Network {
        @Override
        public Tensors forward(Tensors xs, Pass pass) {
            if (!Autograd.isOn() && pass.listener() == null) {
                return kept(xs, pass);
            }
            Tensors ys = network.forward(xs, pass);
            pass.tell(path, xs, ys);
            return ys;
        }

        /**
         * Without gradients nobody needs what is made inside: it is freed behind the layer, and the pass of a deep model takes
         * the memory of its largest layer.
         */
        private Tensors kept(Tensors xs, Pass pass) {
            try (Scope scope = Scope.open()) {
                Tensors ys = network.forward(xs, pass);
                ys.all().forEach(scope::keep);
                return ys;
            }
        }

        @Override
        public @Nullable Differentiable differentiable() {
            return network.differentiable();
        }
    }

    /** Arranges weights for inference, of a model that is built for nothing else; null otherwise. */
    public @Nullable Packing packing() {
        return packing;
    }

    /** The path of this part, empty at the root. */
    public String path() {
        return path;
    }

    /** A matrix or kernel, to which weight decay applies. */
    public Parameter weight(String name, Shape shape, Initializer initializer) {
        return weight(name, shape, initializer, Initializer.Fans.of(shape), Layout.PLAIN);
    }

    /** A matrix or kernel with fans or a layout of its own. */
    public Parameter weight(String name, Shape shape, Initializer initializer, Initializer.Fans fans, Layout layout) {
        return add(new Parameter(join(name), shape, Parameter.Role.WEIGHT, layout, initializer, fans));
    }

    /** A vector that is added. @param fans those of the weight beside it, which PyTorch scales biases by */
    public Parameter bias(String name, Shape shape, Initializer initializer, Initializer.Fans fans) {
        return add(new Parameter(join(name), shape, Parameter.Role.BIAS, Layout.PLAIN, initializer, fans));
    }

    /** Scale or shift of a normalisation. */
    public Parameter norm(String name, Shape shape, Initializer initializer) {
        return add(new Parameter(
                join(name), shape, Parameter.Role.NORM, Layout.PLAIN, initializer, Initializer.Fans.of(shape)));
    }

    /**
     * As {@link #norm}, with a first value that follows from another parameter's, drawn or loaded.
     *
     * @param how makes it of that value, FLOAT32 in PyTorch's shape, as passes compute with it
     */
    public Parameter norm(String name, Shape shape, Parameter from, UnaryOperator<Tensor> how) {
        Parameter made = norm(name, shape, Initializers.ones());
        made.derive(new Parameter.Derived(from, how));
        return made;
    }

    /** State that is saved with the model but not trained. */
    public Parameter buffer(String name, Shape shape, Initializer initializer) {
        return add(new Parameter(
                join(name), shape, Parameter.Role.BUFFER, Layout.PLAIN, initializer, Initializer.Fans.of(shape)));
    }

    /**
     * Another name for a slot of this model: the same values, saved once, with the sum of the gradients of all uses (Press,
     * Wolf, 2017, "Using the Output Embedding to Improve Language Models").
     *
     * @return the slot itself
     */
    public Parameter alias(String name, Parameter of) {
        if (slots.get(of.name()) != of) {
            throw new IllegalStateException("the parameter " + of.name() + " is none of this model's");
        }
        if (slots.containsKey(join(name)) || aliases.putIfAbsent(join(name), of) != null) {
            throw new IllegalStateException("two parameters are named " + join(name));
        }
        shared.add(of);
        return of;
    }

    /**
     * A slot that was reserved before, by its path from the root or its other name.
     *
     * @throws InputException if there is none, naming the nearest
     */
    public Parameter named(String fromRoot) {
        Parameter found = Optional.ofNullable(slots.getOrDefault(fromRoot, aliases.get(fromRoot)))
                .orElseThrow(() -> new InputException((path.isEmpty() ? "" : path + ": ")
                        + "expected a parameter of an earlier layer, received \"" + fromRoot + "\""
                        + Nearest.hint(fromRoot, slots.keySet())));
        shared.add(found);
        return found;
    }

    /**
     * A slot of a layer before this one under a further name: {@link #alias} of {@link #named}.
     *
     * @param of its path, as seen from a container that both are in: the nearest one that has it
     * @throws InputException if there is none, or of another shape
     */
    public Parameter tied(String name, String of, Shape shape) {
        Parameter slot = nearest(of);
        if (slot == null && alone) {
            return new Parameter(
                    join(name),
                    shape,
                    Parameter.Role.WEIGHT,
                    Layout.PLAIN,
                    Initializers.zeros(),
                    Initializer.Fans.of(shape));
        }
        Parameter found = slot == null ? named(of) : slot;
        if (!found.shape().equals(shape)) {
            throw new InputException(join(name) + ": expected a parameter of the shape " + shape
                    + " to share, received " + found.name() + " of the shape " + found.shape());
        }
        if (found.layout() != Layout.PLAIN) {
            throw new InputException(join(name) + ": expected a plain weight to share, received " + found.name()
                    + ", which is laid out for images");
        }
        if (slot != null) {
            shared.add(found);
        }
        return alias(name, found);
    }

    private @Nullable Parameter nearest(String of) {
        String within = path;
        while (!within.isEmpty()) {
            within = within.contains(".") ? within.substring(0, within.lastIndexOf('.')) : "";
            String full = within.isEmpty() ? of : within + "." + of;
            Parameter slot = slots.getOrDefault(full, aliases.get(full));
            if (slot != null) {
                return slot;
            }
        }
        return null;
    }

    /** Further names of slots, each with the slot's own. */
    public Map<String, String> tied() {
        Map<String, String> names = new LinkedHashMap<>();
        aliases.forEach((name, parameter) -> names.put(name, parameter.name()));
        return names;
    }

    /** All slots of the model, each once, in the order of building. */
    public List<Parameter> all() {
        return new ArrayList<>(slots.values());
    }

    /** Number of trainable values; tied ones count once. */
    public long count() {
        return slots.values().stream()
                .filter(p -> p.role() != Parameter.Role.BUFFER)
                .mapToLong(p -> p.shape().elements())
                .sum();
    }

    private Parameter add(Parameter parameter) {
        if (aliases.containsKey(parameter.name()) || slots.putIfAbsent(parameter.name(), parameter) != null) {
            throw new IllegalStateException("two parameters are named " + parameter.name());
        }
        return parameter;
    }

    private String join(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
