package dev.jumbo.nn.weights;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One tensor into several, as a fused projection of queries, keys and values.
 *
 * @param from regular expression for whole names
 * @param to the names of the parts, with {@code $1} for the first group
 * @param sizes of the parts along the dimension; they add up to it
 * @param dim 0 or more, or from the end: -1 is the last
 */
@Kind("split")
public record Split(
        @Doc("Regular expression for whole names.") String from,
        @Doc("Names of the parts; $1 is the first group.") List<String> to,
        @Doc("Sizes of the parts along the dimension.") List<Long> sizes,
        @Doc("The dimension; -1 is the last.") @Default("0") int dim)
        implements NameRule {
    private static final String RULE = "split";

    public Split {
        Names.of(RULE, from);
        to = List.copyOf(to);
        sizes = List.copyOf(sizes);
        if (to.size() != sizes.size() || to.isEmpty()) {
            throw new InputException(RULE + ": expected as many names as sizes, received " + to + " and " + sizes);
        }
    }

    @Override
    public boolean fits(Collection<String> names) {
        return Names.of(RULE, from).any(names);
    }

    @Override
    public Map<String, TensorSource.Stored> apply(Map<String, TensorSource.Stored> tensors) {
        Names names = Names.of(RULE, from);
        Set<String> meant = new HashSet<>(names.in(tensors.keySet()));
        Mapped mapped = new Mapped(RULE);
        tensors.forEach((name, stored) -> {
            if (meant.contains(name)) {
                divide(names, name, stored, mapped);
            } else {
                mapped.put(name, stored);
            }
        });
        return mapped.tensors();
    }

    private void divide(Names names, String name, TensorSource.Stored stored, Mapped into) {
        int rank = stored.shape().rank();
        int axis = dim < 0 ? dim + rank : dim;
        if (axis < 0 || axis >= rank) {
            throw new InputException(
                    RULE + ": expected a dim of \"" + name + "\" " + stored.shape() + ", received " + dim);
        }
        long sum = sizes.stream().mapToLong(Long::longValue).sum();
        if (sum != stored.shape().size(axis) || sizes.stream().anyMatch(size -> size < 1)) {
            throw new InputException(RULE + ": expected sizes above 0 that add up to "
                    + stored.shape().size(axis) + ", dimension " + dim + " of \"" + name + "\" " + stored.shape()
                    + ", received " + sizes);
        }
        long at = 0;
        for (int i = 0; i < to.size(); i++) {
            long start = at;
            long size = sizes.get(i);
            into.put(
                    names.target(name, to.get(i)),
                    new TensorSource.Stored(
                            stored.dtype(),
                            stored.shape().with(axis, size),
                            () -> stored.read().get().narrow(axis, start, size)));
            at += size;
        }
    }
}
