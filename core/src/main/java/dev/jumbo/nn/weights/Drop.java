package dev.jumbo.nn.weights;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Leaves tensors out.
 *
 * @param name regular expression for whole names
 */
@Kind("drop")
public record Drop(
        @Doc("Regular expression for whole names.") String name) implements NameRule {
    private static final String RULE = "drop";

    public Drop {
        Names.of(RULE, name);
    }

    @Override
    public boolean fits(Collection<String> names) {
        return Names.of(RULE, name).any(names);
    }

    @Override
    public Map<String, TensorSource.Stored> apply(Map<String, TensorSource.Stored> tensors) {
        Map<String, TensorSource.Stored> mapped = new LinkedHashMap<>(tensors);
        Names.of(RULE, name).in(tensors.keySet()).forEach(mapped::remove);
        return mapped;
    }
}
