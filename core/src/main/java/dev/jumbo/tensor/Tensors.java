package dev.jumbo.tensor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Named tensors in order, as a network takes and gives them. The first is the main one; the others are what a layer of several
 * inputs takes besides, or what rides along for a layer further on. They belong to the scopes they were made in.
 */
public final class Tensors {
    private final Map<String, Tensor> byName;

    private Tensors(Map<String, Tensor> byName) {
        this.byName = byName;
    }

    /** One tensor. */
    public static Tensors of(Tensor main) {
        return new Tensors(Map.of(Specs.MAIN, main));
    }

    /** Tensors named {@code x}, {@code x1} and so on. @param tensors one or more */
    public static Tensors of(List<Tensor> tensors) {
        if (tensors.size() == 1) {
            return of(tensors.get(0));
        }
        Map<String, Tensor> byName = new LinkedHashMap<>();
        for (Tensor tensor : tensors) {
            byName.put(byName.isEmpty() ? Specs.MAIN : Specs.MAIN + byName.size(), tensor);
        }
        return of(byName);
    }

    /** Tensors by name. @param byName in order, one or more */
    public static Tensors of(Map<String, Tensor> byName) {
        if (byName.isEmpty()) {
            throw new IllegalArgumentException("expected one or more tensors, received none");
        }
        return new Tensors(new LinkedHashMap<>(byName));
    }

    /** The first one. */
    public Tensor main() {
        return byName.values().iterator().next();
    }

    /** The name of the first one. */
    public String mainName() {
        return byName.keySet().iterator().next();
    }

    /** The one of a name, or null. */
    public @Nullable Tensor get(String name) {
        return byName.get(name);
    }

    /** @throws ShapeException if there is none of this name */
    public Tensor require(String name) {
        Tensor tensor = byName.get(name);
        if (tensor == null) {
            throw new ShapeException("", "an input \"" + name + "\"", "inputs named " + byName.keySet());
        }
        return tensor;
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
    public List<Tensor> all() {
        return List.copyOf(byName.values());
    }

    /** Names with what they name, in order. */
    public Map<String, Tensor> byName() {
        return Collections.unmodifiableMap(byName);
    }

    /** The same with one more at the end, or another in the place of that name. */
    public Tensors with(String name, Tensor tensor) {
        Map<String, Tensor> next = new LinkedHashMap<>(byName);
        next.put(name, tensor);
        return new Tensors(next);
    }

    /** The same with another in the first place, under the same name. */
    public Tensors withMain(Tensor main) {
        return size() == 1 ? new Tensors(Map.of(mainName(), main)) : with(mainName(), main);
    }

    /** The same under other names, in order. @param names as many as there are tensors */
    public Tensors named(Set<String> names) {
        if (names.equals(byName.keySet())) {
            return this;
        }
        Map<String, Tensor> next = new LinkedHashMap<>();
        var tensors = byName.values().iterator();
        names.forEach(name -> next.put(name, tensors.next()));
        return new Tensors(next);
    }

    /** What a layer further on sees: its main one is the other's first, whatever its name, the rest is joined, the other's counting. */
    public Tensors then(Tensors made) {
        return byName.size() == 1 ? made : new Tensors(Overlay.of(byName, made.byName));
    }

    /** Each changed. */
    public Tensors map(UnaryOperator<Tensor> change) {
        if (size() == 1) {
            return new Tensors(Map.of(mainName(), change.apply(main())));
        }
        Map<String, Tensor> next = new LinkedHashMap<>();
        byName.forEach((name, tensor) -> next.put(name, change.apply(tensor)));
        return new Tensors(next);
    }

    /** Names and shapes. */
    @Override
    public String toString() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        byName.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes.toString();
    }
}
