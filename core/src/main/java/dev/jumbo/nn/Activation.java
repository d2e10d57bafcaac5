package dev.jumbo.nn;

import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Tensor;

/** Element-wise functions by name, as Keras and PyTorch know them. Softmax is over the last dimension. */
public enum Activation {
    LINEAR,
    RELU,
    SOFTMAX;

    /** Applies the function; the argument is not changed. */
    public Tensor apply(Tensor x) {
        return switch (this) {
            case LINEAR -> x;
            case RELU -> Functional.relu(x);
            case SOFTMAX -> Functional.softmax(x, -1);
        };
    }

    /** As {@link #apply}, and may overwrite the argument: for the fresh result of a layer. */
    public Tensor apply_(Tensor x) {
        return this == RELU ? Functional.relu_(x) : apply(x);
    }

    /** Whether f(max(a, b)) = max(f(a), f(b)): such a function may move behind a max pooling, where there is less to compute. */
    public boolean commutesWithMax() {
        return this == RELU;
    }
}
