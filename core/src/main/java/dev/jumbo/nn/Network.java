package dev.jumbo.nn;

import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;

/** A built layer: computes outputs from inputs. Tensors have the batch as their first dimension. */
@FunctionalInterface
public interface Network {
    /**
     * @param xs named as the layer was described; the first is the main one, {@code [N, ...]} with the described shape behind the
     *     batch size N
     * @return what the layer makes, under the names of {@link Layer#outputs}
     */
    Tensors forward(Tensors xs, Pass pass);

    /** As {@link #forward(Tensors, Pass)}, of one input, giving the main output. */
    default Tensor forward(Tensor x, Pass pass) {
        return forward(Tensors.of(x), pass).main();
    }
}
