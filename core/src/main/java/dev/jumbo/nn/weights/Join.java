package dev.jumbo.nn.weights;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Several tensors into one, as of queries, keys and values into one projection.
 *
 * @param from regular expressions for whole names, one for each part in order
 * @param to the name of the whole, with {@code $1} for the first group, which brings together the parts of one layer
 * @param dim along which they stand one behind the other; -1 is the last
 */
@Kind("join")
public record Join(
        @Doc("Regular expressions for whole names, one for each part in order.")
        List<String> from,

        @Doc("Name of the whole; $1 is the first group of each.")
        String to,

        @Doc("The dimension along which they are joined; -1 is the last.") @Default("0")
        int dim)
        implements NameRule {
    private static final String RULE = "join";

    public Join {
        from = List.copyOf(from);
        from.forEach(regex -> Names.of(RULE, regex));
        if (from.size() < 2) {
            throw new InputException(RULE + ": expected two or more parts, received " + from);
        }
    }

    @Override
    public boolean fits(Collection<String> names) {
        return from.stream().allMatch(part -> Names.of(RULE, part).any(names));
    }

    @Override
    public Map<String, TensorSource.Stored> apply(Map<String, TensorSource.Stored> tensors) {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        Set<String> used = new HashSet<>();
        for (int i = 0; i < from.size(); i++) {
            Names names = Names.of(RULE, from.get(i));
            for (String name : names.in(tensors.keySet())) {
                List<String> known = parts.computeIfAbsent(names.target(name, to), key -> new ArrayList<>());
                if (known.size() != i || !used.add(name)) {
                    throw new InputException(RULE + ": expected one tensor for each of " + from + " to make \""
                            + names.target(name, to) + "\", received " + known + " before \"" + name + "\"");
                }
                known.add(name);
            }
        }
        Mapped mapped = new Mapped(RULE);
        tensors.forEach((name, stored) -> {
            if (!used.contains(name)) {
                mapped.put(name, stored);
            }
        });
        parts.forEach((whole, names) -> mapped.put(whole, whole(whole, names, tensors)));
        return mapped.tensors();
    }

    private TensorSource.Stored whole(String whole, List<String> names, Map<String, TensorSource.Stored> tensors) {
        if (names.size() != from.size()) {
            throw new InputException(
                    RULE + ": expected one tensor for each of " + from + " to make \"" + whole + "\", found " + names);
        }
        List<TensorSource.Stored> parts =
                names.stream().map(n -> Objects.requireNonNull(tensors.get(n))).toList();
        Shape first = parts.get(0).shape();
        int axis = dim < 0 ? dim + first.rank() : dim;
        if (axis < 0 || axis >= first.rank()) {
            throw new InputException(
                    RULE + ": expected a dim of \"" + names.get(0) + "\" " + first + ", received " + dim);
        }
        long size = 0;
        for (int i = 0; i < parts.size(); i++) {
            Shape shape = parts.get(i).shape();
            boolean fits = shape.rank() == first.rank()
                    && shape.with(axis, 1).equals(first.with(axis, 1))
                    && parts.get(i).dtype() == parts.get(0).dtype();
            if (!fits) {
                throw new InputException(RULE + ": expected \"" + names.get(i) + "\" to fit \"" + names.get(0) + "\" "
                        + parts.get(0).dtype() + " " + first + " along dimension " + dim + ", received "
                        + parts.get(i).dtype() + " " + shape);
            }
            size += shape.size(axis);
        }
        return new TensorSource.Stored(
                parts.get(0).dtype(),
                first.with(axis, size),
                () -> Tensor.cat(parts.stream().map(p -> p.read().get()).toList(), axis));
    }
}
