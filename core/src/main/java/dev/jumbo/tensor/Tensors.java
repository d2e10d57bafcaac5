package dev.jumbo.tensor;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Named tensors in order, as a network takes and gives them. The first is the main one; the others are what a layer of several
 * inputs takes besides, or what rides along for a layer further on. They belong to the scopes they were made in.
 */
public final class Tensors extends Named<Tensor> {
    private Tensors(Map<String, Tensor> byName) {
        super(byName);
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
        return new Tensors(new LinkedHashMap<>(byName));
    }

    /** The same with one more at the end, or another in the place of that name. */
    public Tensors with(String name, Tensor tensor) {
        return new Tensors(plus(name, tensor));
    }

    /** The same with another in the first place, under the same name. */
    public Tensors withMain(Tensor main) {
        return size() == 1 ? new Tensors(Map.of(mainName(), main)) : with(mainName(), main);
    }

    /** The same under other names, in order. @param names as many as there are tensors */
    public Tensors named(Set<String> names) {
        if (names.equals(names())) {
            return this;
        }
        Map<String, Tensor> next = new LinkedHashMap<>();
        Iterator<Tensor> tensors = byName().values().iterator();
        names.forEach(name -> next.put(name, tensors.next()));
        return new Tensors(next);
    }

    /** What a layer further on sees: its main one is the other's first, whatever its name, the rest is joined, the other's counting. */
    public Tensors then(Tensors made) {
        return size() == 1 ? made : new Tensors(overlaid(made));
    }

    /** Each changed. */
    public Tensors map(UnaryOperator<Tensor> change) {
        if (size() == 1) {
            return new Tensors(Map.of(mainName(), change.apply(main())));
        }
        Map<String, Tensor> next = new LinkedHashMap<>();
        byName().forEach((name, tensor) -> next.put(name, change.apply(tensor)));
        return new Tensors(next);
    }

    /** Names and shapes. */
    @Override
    public String toString() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        byName().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes.toString();
    }
}
