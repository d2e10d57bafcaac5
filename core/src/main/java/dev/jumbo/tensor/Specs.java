package dev.jumbo.tensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What {@link Tensors} are, before there are any: a {@link Spec} for each name, in order. The first is the main one, which most
 * layers take alone; the others are further inputs of a layer that takes several, or ride along for one further on that asks for
 * them by name, such as {@code mask}.
 */
public final class Specs extends Named<Spec> {
    /** The name of what has no other. */
    public static final String MAIN = "x";

    private Specs(Map<String, Spec> byName) {
        super(byName);
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
        return new Specs(new LinkedHashMap<>(byName));
    }

    /** The only one. @throws ShapeException if there are others */
    public Spec only() {
        if (size() != 1) {
            throw new ShapeException("", "one input", size() + " inputs " + this);
        }
        return main();
    }

    /** In order. */
    public List<Shape> shapes() {
        return byName().values().stream().map(Spec::shape).toList();
    }

    /** The same with another in the first place, under the same name. */
    public Specs withMain(Spec main) {
        return with(mainName(), main);
    }

    /** The same with one more at the end, or another in the place of that name. */
    public Specs with(String name, Spec spec) {
        return new Specs(plus(name, spec));
    }

    /** The first one alone. */
    public Specs mainAlone() {
        return size() == 1 ? this : new Specs(Map.of(mainName(), main()));
    }

    /** What a layer further on sees: its main one is the other's first, whatever its name, the rest is joined, the other's counting. */
    public Specs then(Specs made) {
        return new Specs(overlaid(made));
    }

    /** Each changed. */
    public Specs map(UnaryOperator<Spec> change) {
        Map<String, Spec> next = new LinkedHashMap<>();
        byName().forEach((name, spec) -> next.put(name, change.apply(spec)));
        return new Specs(next);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Specs s
                && List.copyOf(byName().entrySet())
                        .equals(List.copyOf(s.byName().entrySet()));
    }

    @Override
    public int hashCode() {
        return byName().hashCode();
    }

    /** As in {@code [1, 28, 28]}, with names where there are several. */
    @Override
    public String toString() {
        return size() == 1 ? main().toString() : byName().toString();
    }
}
