package dev.jumbo.nn.weights;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Tensors under other names.
 *
 * @param from regular expression for whole names
 * @param to the new name, with {@code $1} for the first group
 */
@Kind("rename")
public record Rename(
        @Doc("Regular expression for whole names.") String from,
        @Doc("The new name; $1 is the first group.") String to) implements NameRule {
    private static final String RULE = "rename";

    public Rename {
        Names.of(RULE, from);
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
        tensors.forEach((name, stored) -> mapped.put(meant.contains(name) ? names.target(name, to) : name, stored));
        return mapped.tensors();
    }
}
