package dev.jumbo.nn;

import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Derivatives;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Functions of one value by name, as Keras and PyTorch know them; softmax alone is of a whole last dimension. Where a
 * function has a parameter, this is PyTorch's default; {@link dev.jumbo.nn.layers.basic.LeakyRelu} and {@link
 * dev.jumbo.nn.layers.basic.Elu} take others.
 */
public enum Activation {
    /** x. */
    LINEAR,
    /** max(0, x). */
    RELU,
    /** x where it is positive, 0.01 x elsewhere. */
    LEAKY_RELU,
    /** x where it is positive, exp(x) - 1 elsewhere. */
    ELU,
    /** x Phi(x), exact. */
    GELU,
    /** GELU's approximation by tanh. On this engine it is the slower one: for models that were trained with it. */
    GELU_TANH,
    /** x sigmoid(x). */
    SILU,
    /** 1 / (1 + exp(-x)). */
    SIGMOID,
    TANH,
    /** exp(x) over its sum, along the last dimension. */
    SOFTMAX;

    private static final double LEAKY_SLOPE = 0.01;
    private static final double ELU_ALPHA = 1;

    /** Applies the function; the argument is not changed. */
    public Tensor apply(Tensor x) {
        return switch (this) {
            case LINEAR -> x;
            case RELU -> Functional.relu(x);
            case LEAKY_RELU -> Functional.leakyRelu(x, LEAKY_SLOPE);
            case ELU -> Functional.elu(x, ELU_ALPHA);
            case GELU -> Functional.gelu(x);
            case GELU_TANH -> Functional.geluTanh(x);
            case SILU -> Functional.silu(x);
            case SIGMOID -> Functional.sigmoid(x);
            case TANH -> Functional.tanh(x);
            case SOFTMAX -> Functional.softmax(x, -1);
        };
    }

    /** As {@link #apply}, and may overwrite the argument: for the fresh result of a layer. */
    public Tensor apply_(Tensor x) {
        return this == RELU ? Functional.relu_(x) : apply(x);
    }

    /** As {@link #apply_(Tensor)}, unless the gradient of the argument is listened to ({@link Pass#perExample}): it must stay then. */
    public Tensor apply_(Tensor x, Pass pass) {
        return pass.keepsExamplesApart() ? apply(x) : apply_(x);
    }

    /** Whether {@link #derivative_} is known. */
    public boolean isDifferentiable() {
        return this == LINEAR || this == RELU;
    }

    /** The derivative of {@link #apply_}, which may take the memory of the gradient. @param y the result */
    public Tensor derivative_(Tensor gradient, Tensor y) {
        return switch (this) {
            case LINEAR -> gradient;
            case RELU -> Derivatives.relu_(gradient, y);
            default -> throw new IllegalStateException("the derivative of " + this + " is left to autograd");
        };
    }

    /** What it costs as a function of so many values of another layer's, which stay; nothing if linear. */
    public List<Operation> work(long values) {
        return this == LINEAR ? List.of() : List.of(pass(values, Kept.values(values)));
    }

    /** As {@link #work}, of the fresh result of a layer, which {@link #apply_} may overwrite. */
    public List<Operation> workInPlace(long values) {
        return this == LINEAR ? List.of() : List.of(pass(values, this == RELU ? Kept.NOTHING : Kept.values(values)));
    }

    /** A product and this function of its fresh result. */
    public List<Operation> behind(Operation product) {
        List<Operation> work = new ArrayList<>(List.of(product));
        work.addAll(workInPlace(product.outputs()));
        return work;
    }

    private Operation pass(long values, Kept kept) {
        return Operation.pass("", name().toLowerCase(Locale.ROOT), values, values, kept);
    }

    /** Whether each result depends on one value alone, wherever it lies. */
    public boolean isElementwise() {
        return this != SOFTMAX;
    }

    /**
     * Whether f(max(a, b)) = max(f(a), f(b)), which holds for functions that never fall: such a function may move behind
     * a max pooling, where there is less to compute.
     */
    public boolean commutesWithMax() {
        return switch (this) {
            case LINEAR, RELU, LEAKY_RELU, ELU, SIGMOID, TANH -> true;
            case GELU, GELU_TANH, SILU, SOFTMAX -> false;
        };
    }
}
