package dev.jumbo.train.optim;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Tensor;
import java.util.Map;
import java.util.Objects;

/** Loading of named tensors that must fit exactly. */
final class SavedState {
    private SavedState() {}

    /** @throws InputException if a name or shape differs; nothing is changed then */
    static void copy(Map<String, Tensor> saved, Map<String, Tensor> into, String owner) {
        if (!saved.keySet().equals(into.keySet())) {
            throw new InputException("expected the state " + into.keySet() + " of " + owner + ", received "
                    + saved.keySet() + "; resume with the settings of the saved run");
        }
        into.forEach((name, tensor) -> {
            Tensor from = Objects.requireNonNull(saved.get(name));
            if (!from.shape().equals(tensor.shape())) {
                throw new InputException("expected \"" + name + "\" of " + owner + " to have the shape "
                        + tensor.shape() + ", received " + from.shape());
            }
        });
        try (Autograd off = Autograd.noGrad()) {
            into.forEach((name, tensor) -> tensor.copy_(Objects.requireNonNull(saved.get(name))));
        }
    }
}
