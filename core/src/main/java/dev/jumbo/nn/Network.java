package dev.jumbo.nn;

import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import org.jspecify.annotations.Nullable;

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

    /** The same network with its own backward pass, if it knows that; null where it is left to autograd. */
    default @Nullable Differentiable differentiable() {
        return null;
    }
}
