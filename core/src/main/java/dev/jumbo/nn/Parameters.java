package dev.jumbo.nn;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a model, collected while its layers are built; {@link FlatStore} gives them memory. A layer sees only
 * the part under its own path.
 */
public final class Parameters {
    private final String path;
    private final Map<String, Parameter> slots;
    private final Map<String, Parameter> aliases;

    private Parameters(String path, Map<String, Parameter> slots, Map<String, Parameter> aliases) {
        this.path = path;
        this.slots = slots;
        this.aliases = aliases;
    }

    /** No slots yet. */
    public static Parameters collect() {
        return new Parameters("", new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    /** The part under a name: {@code child("layers").child("0")} reserves {@code layers.0.weight} and so on. */
    public Parameters child(String name) {
        return new Parameters(join(name), slots, aliases);
    }

    /**
     * Builds a layer of a container under a name: the way by which it can be reached by its path and listened to.
     *
     * @param name below this part, as {@link Layer#parts} gives it: {@code layers.0}
     */
    public Network build(String name, Layer layer, Specs in) {
        Parameters inside = child(name);
        return new Reached(inside.path, layer.build(in, inside));
    }

    /** Tells the pass what goes through it. */
    private record Reached(String path, Network network) implements Network {
        @Override
        public Tensors forward(Tensors xs, Pass pass) {
            Tensors ys = network.forward(xs, pass);
            pass.tell(path, xs, ys);
            return ys;
        }

        @Override
        public @Nullable Differentiable differentiable() {
            return network.differentiable();
        }
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
        return of;
    }

    /**
     * A slot that was reserved before, by its path from the root or its other name.
     *
     * @throws InputException if there is none, naming the nearest
     */
    public Parameter named(String fromRoot) {
        return Optional.ofNullable(slots.getOrDefault(fromRoot, aliases.get(fromRoot)))
                .orElseThrow(() -> new InputException((path.isEmpty() ? "" : path + ": ")
                        + "expected a parameter of an earlier layer, received \"" + fromRoot + "\""
                        + Nearest.hint(fromRoot, slots.keySet())));
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
