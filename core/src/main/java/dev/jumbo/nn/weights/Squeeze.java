package dev.jumbo.nn.weights;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Tensors without their first dimension, which has the size 1: torchvision's {@code [1, T, D]} of positions is {@code [T, D]} here.
 *
 * @param of regular expression for whole names
 */
@Kind("squeeze")
public record Squeeze(
        @Doc("Regular expression for whole names.") String of) implements NameRule {
    private static final String RULE = "squeeze";

    public Squeeze {
        Names.of(RULE, of);
    }

    @Override
    public boolean fits(Collection<String> names) {
        return Names.of(RULE, of).any(names);
    }

    @Override
    public Map<String, TensorSource.Stored> apply(Map<String, TensorSource.Stored> tensors) {
        Map<String, TensorSource.Stored> mapped = new LinkedHashMap<>(tensors);
        for (String name : Names.of(RULE, of).in(tensors.keySet())) {
            TensorSource.Stored tensor = Objects.requireNonNull(tensors.get(name));
            int rank = tensor.shape().rank();
            if (rank == 0 || tensor.shape().size(0) != 1) {
                throw new InputException(RULE + ": expected a first dimension of size 1, received \"" + name
                        + "\" of the shape " + tensor.shape());
            }
            mapped.put(
                    name,
                    new TensorSource.Stored(
                            tensor.dtype(),
                            tensor.shape().slice(1, rank),
                            () -> tensor.read().get().squeeze(0)));
        }
        return mapped;
    }
}
