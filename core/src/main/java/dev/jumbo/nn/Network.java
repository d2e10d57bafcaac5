package dev.jumbo.nn;

import dev.jumbo.tensor.Tensor;
import java.util.List;

/** A built layer: computes outputs from inputs. Tensors have the batch as their first dimension. */
@FunctionalInterface
public interface Network {
    /** @param x shape {@code [N, ...]} with the described input shape behind the batch size N */
    Tensor forward(Tensor x, Pass pass);

    /** As {@link #forward(Tensor, Pass)}, for any number of inputs and outputs. */
    default List<Tensor> forward(List<Tensor> xs, Pass pass) {
        return List.of(forward(xs.get(0), pass));
    }
}
