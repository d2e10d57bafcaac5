package dev.jumbo.nn;

import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.Objects;

/** What computes one tensor from one. */
@FunctionalInterface
public interface UnaryNetwork extends Network {
    /** @param x shape {@code [N, ...]} with the described input shape behind the batch size N */
    @Override
    Tensor forward(Tensor x, Pass pass);

    /** A lambda has one tensor here, and tensors by name where it is a {@link Network}: both are meant. */
    @Override
    @SuppressWarnings("FunctionalInterfaceMethodChanged")
    default Tensors forward(Tensors xs, Pass pass) {
        return Tensors.of(Objects.requireNonNull(forward(xs.main(), pass), "its pass gave null"));
    }
}
