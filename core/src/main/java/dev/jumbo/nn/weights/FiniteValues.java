package dev.jumbo.nn.weights;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;

/** Values that a model can begin with: finite numbers in fp32, in which parameters are kept. */
final class FiniteValues {
    private FiniteValues() {}

    /** Reads a tensor into the caller's scope. @throws InputException if a value is NaN, infinite or too large for fp32 */
    static Tensor require(String name, TensorSource.Stored stored) {
        Tensor read = stored.read().get();
        try (Scope scope = Scope.open()) {
            long all = stored.shape().elements();
            long finite = Math.round(
                    read.to(DType.FLOAT32).isFinite().to(DType.FLOAT64).sum().item());
            if (finite < all) {
                throw new InputException("expected finite numbers of fp32 in the tensor \"" + name + "\", received "
                        + (all - finite) + " of " + all + " values that are NaN, infinite or too large");
            }
        }
        return read;
    }
}
