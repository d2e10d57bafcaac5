package dev.jumbo.nn.weights;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Matrices with rows and columns exchanged, as between Keras's or GPT-2's {@code [in, out]} and PyTorch's {@code [out, in]}.
 *
 * @param of regular expression for whole names
 */
@Kind("transpose")
public record Transpose(
        @Doc("Regular expression for whole names of matrices.")
        String of) implements NameRule {
    private static final String RULE = "transpose";

    public Transpose {
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
            TensorSource.Stored matrix = Objects.requireNonNull(tensors.get(name));
            if (matrix.shape().rank() != 2) {
                throw new InputException(
                        RULE + ": expected a matrix, received \"" + name + "\" of the shape " + matrix.shape());
            }
            mapped.put(
                    name,
                    new TensorSource.Stored(
                            matrix.dtype(),
                            Shape.of(matrix.shape().size(1), matrix.shape().size(0)),
                            () -> matrix.read().get().transpose(0, 1)));
        }
        return mapped;
    }
}
