package dev.jumbo.tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Tensors} are, before there are any: a {@link Spec} for each name, in order. The first is the main one, which most
 * layers take alone; the others are further inputs of a layer that takes several, or ride along for one further on that asks for
 * them by name, such as {@code mask}.
 */
public final class Specs {
    /** The name of what has no other. */
    public static final String MAIN = "x";

    private final Map<String, Spec> byName;

    private Specs(Map<String, Spec> byName) {
        this.byName = byName;
    }

    /** One tensor. */
    public static Specs of(Spec main) {
        return new Specs(Map.of(MAIN, main));
    }

    /** One tensor of numbers. */
    public static Specs of(Shape main) {
        return of(Spec.of(main, DType.FLOAT32));
    }

    /** Tensors of numbers, named {@code x}, {@code x1} and so on. */
    public static Specs of(List<Shape> shapes) {
        Map<String, Spec> byName = new LinkedHashMap<>();
        for (Shape shape : shapes) {
            byName.put(byName.isEmpty() ? MAIN : MAIN + byName.size(), Spec.of(shape, DType.FLOAT32));
        }
        return of(byName);
    }

    /** Tensors by name. @param byName in order, one or more */
    public static Specs of(Map<String, Spec> byName) {
        if (byName.isEmpty()) {
            throw new IllegalArgumentException("expected one or more tensors, received none");
        }
        return new Specs(new LinkedHashMap<>(byName));
    }

    /** The first one. */
    public Spec main() {
        return byName.values().iterator().next();
    }

    /** The name of the first one. */
    public String mainName() {
        return byName.keySet().iterator().next();
    }

    /** The only one. @throws ShapeException if there are others */
    public Spec only() {
        if (size() != 1) {
            throw new ShapeException("", "one input", size() + " inputs " + this);
        }
        return main();
    }

    /** The one of a name, or null. */
    public @Nullable Spec get(String name) {
        return byName.get(name);
    }

    /** @throws ShapeException if there is none of this name */
    public Spec require(String name) {
        Spec spec = byName.get(name);
        if (spec == null) {
            throw new ShapeException("", "an input \"" + name + "\"", "inputs named " + byName.keySet());
        }
        return spec;
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }

    public int size() {
        return byName.size();
    }

    /** In order. */
    public Set<String> names() {
        return Collections.unmodifiableSet(byName.keySet());
    }

    /** In order. */
    public List<Spec> all() {
        return List.copyOf(byName.values());
    }

    /** In order. */
    public List<Shape> shapes() {
        return byName.values().stream().map(Spec::shape).toList();
    }

    /** Names with what they name, in order. */
    public Map<String, Spec> byName() {
        return Collections.unmodifiableMap(byName);
    }

    /** The same with another in the first place, under the same name. */
    public Specs withMain(Spec main) {
        return with(mainName(), main);
    }

    /** The same with one more at the end, or another in the place of that name. */
    public Specs with(String name, Spec spec) {
        Map<String, Spec> next = new LinkedHashMap<>(byName);
        next.put(name, spec);
        return new Specs(next);
    }

    /** The first one alone. */
    public Specs mainAlone() {
        return size() == 1 ? this : new Specs(Map.of(mainName(), main()));
    }

    /** What a layer further on sees: its main one is the other's first, whatever its name, the rest is joined, the other's counting. */
    public Specs then(Specs made) {
        return new Specs(Overlay.of(byName, made.byName));
    }

    /** Each changed. */
    public Specs map(UnaryOperator<Spec> change) {
        Map<String, Spec> next = new LinkedHashMap<>();
        byName.forEach((name, spec) -> next.put(name, change.apply(spec)));
        return new Specs(next);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Specs s && new ArrayList<>(byName.entrySet()).equals(new ArrayList<>(s.byName.entrySet()));
    }

    @Override
    public int hashCode() {
        return Objects.hash(byName);
    }

    /** As in {@code [1, 28, 28]}, with names where there are several. */
    @Override
    public String toString() {
        return size() == 1 ? main().toString() : byName.toString();
    }
}
