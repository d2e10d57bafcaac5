package dev.jumbo.nn;

import dev.jumbo.nn.weights.ParameterGroup;
import dev.jumbo.nn.weights.Storage;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A named slot in the flat {@link Parameters}: something that training changes (a weight) or that a layer itself
 * updates (a buffer, such as a running mean).
 */
public final class Parameter {
    /** What a slot is for, in the order in which slots lie in memory. */
    public enum Role {
        /** A matrix or kernel: weight decay applies, and mixed precision computes with a bf16 copy. */
        WEIGHT,
        /** A vector that is added: no weight decay, but a bf16 copy. */
        BIAS,
        /** Scale or shift of a normalisation: no weight decay, and always in fp32. */
        NORM,
        /** Not trained; saved with the model, always in fp32. */
        BUFFER
    }

    private final String name;
    private final Shape shape;
    private final Role role;
    private final Layout layout;
    private final Initializer initializer;
    private final Initializer.Fans fans;
    private ParameterGroup group = ParameterGroup.DEFAULT;
    private boolean table;
    private @Nullable Tensor value;
    private @Nullable FrozenValue frozen;
    private @Nullable Derived derived;

    /**
     * A first value that follows from another parameter's.
     *
     * @param from the other one
     * @param how makes it of that value, FLOAT32 in PyTorch's shape, as passes compute with it
     */
    record Derived(Parameter from, UnaryOperator<Tensor> how) {}

    Parameter(String name, Shape shape, Role role, Layout layout, Initializer initializer, Initializer.Fans fans) {
        this.name = name;
        this.shape = shape;
        this.role = role;
        this.layout = layout;
        this.initializer = initializer;
        this.fans = fans;
    }

    /** The path, PyTorch's where the layer is PyTorch's: {@code layers.0.weight}. */
    public String name() {
        return name;
    }

    /** PyTorch's shape, as files hold it. */
    public Shape shape() {
        return shape;
    }

    public Role role() {
        return role;
    }

    /** Whether its rows are looked up by ids, as those of an embedding, instead of multiplied by. */
    public boolean isTable() {
        return table;
    }

    /** Says that its rows are looked up. */
    public Parameter asTable() {
        table = true;
        return this;
    }

    /** Whether training leaves it as it is, as its group says. A buffer is not frozen: its layer updates it. */
    public boolean isFrozen() {
        return group.frozen() && role != Role.BUFFER;
    }

    /**
     * The type in which it is given as one tensor, in which nothing is lost: BFLOAT16 of a frozen parameter that is kept so, else
     * FLOAT32. What is kept in 8 or 4 bits is that in FLOAT32 too, and gives the same bits when it is quantized again; checkpoints have
     * it in {@link dev.jumbo.nn.weights.QuantizedParts}.
     */
    public DType fileType() {
        return isFrozen() && FrozenValue.storage(this) == Storage.BF16 ? DType.BFLOAT16 : DType.FLOAT32;
    }

    /**
     * The tensor to compute with now: the fp32 value, or its bf16 copy in mixed precision; of a frozen parameter, its value in
     * the type of the pass, in the caller's scope. Layers ask for it in every pass.
     *
     * @throws IllegalStateException before memory is allocated
     */
    public Tensor tensor() {
        if (frozen != null) {
            return frozen.tensor();
        }
        if (value == null) {
            throw new IllegalStateException("the parameter " + name + " has no memory yet: call Model.build");
        }
        return value;
    }

    Layout layout() {
        return layout;
    }

    void derive(Derived from) {
        derived = from;
    }

    /** Where its first value comes from, if that is another parameter. */
    @Nullable
    Derived derived() {
        return derived;
    }

    Initializer initializer() {
        return initializer;
    }

    Initializer.Fans fans() {
        return fans;
    }

    /** How it is trained. */
    ParameterGroup group() {
        return group;
    }

    void join(ParameterGroup other) {
        group = other;
    }

    void use(Tensor tensor) {
        value = tensor;
    }

    void leave() {
        value = null;
    }

    void use(FrozenValue held) {
        frozen = held;
    }

    /** Its memory, if it is frozen and has some. */
    FrozenValue frozen() {
        if (frozen == null) {
            throw new IllegalStateException("the parameter " + name + " has no frozen value");
        }
        return frozen;
    }
}
