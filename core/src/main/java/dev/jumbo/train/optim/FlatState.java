package dev.jumbo.train.optim;

import dev.jumbo.nn.FlatSlice;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names, saves and frees the flat tensors of an optimizer; a subclass says what a step does with them. */
abstract class FlatState implements OptimizerState {
    private final FlatSlice slice;
    private final Map<String, Tensor> state = new LinkedHashMap<>();
    private final Tensor count;

    final Tensor values;

    /** How many values from the start weight decay applies to. */
    final long decayed;

    FlatState(FlatSlice slice, boolean decayAll) {
        this.slice = slice;
        values = slice.values();
        count = slot("step", Shape.of(), 0, DType.FLOAT32);
        decayed = decayAll ? values.elements() : slice.decayed();
    }

    /** Changes {@link #values}. Runs in a scope, without recording of gradients. */
    abstract void update(double learningRate);

    /** The gradients of {@link #values} in the current step, which it may overwrite. */
    final Tensor gradients() {
        return slice.gradients();
    }

    /** A tensor like the values that is kept between steps. */
    final Tensor slot(String name, double first) {
        return slot(name, values.shape(), first, values.dtype());
    }

    /** The number of the current step, from 1: a FLOAT32 scalar. */
    final Tensor count() {
        return count;
    }

    /** Adds {@code weightDecay * w} to the gradients: the derivative of an L2 penalty of half that factor. */
    final void addDecayToGradients(double weightDecay) {
        if (weightDecay != 0) {
            gradients().narrow(0, 0, decayed).add_(values.narrow(0, 0, decayed), weightDecay);
        }
    }

    /** Shrinks the weights by {@code learningRate * weightDecay}, apart from the gradients (Loshchilov, Hutter, 2019). */
    final void shrinkWeights(double learningRate, double weightDecay) {
        if (weightDecay != 0) {
            values.narrow(0, 0, decayed).mul_(1 - learningRate * weightDecay);
        }
    }

    @Override
    public final void step(double learningRate) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            count.add_(1);
            update(learningRate);
            slice.valuesChanged();
        }
    }

    @Override
    public final Map<String, Tensor> state() {
        return Collections.unmodifiableMap(state);
    }

    @Override
    public final void load(Map<String, Tensor> saved) {
        SavedState.copy(saved, state, "the optimizer");
    }

    @Override
    public final void close() {
        state.values().forEach(Tensor::close);
    }

    private Tensor slot(String name, Shape shape, double first, DType dtype) {
        try (Scope scope = Scope.open()) {
            Tensor tensor = Tensor.full(shape, first, dtype).to(values.device()).retain();
            state.put(name, tensor);
            return tensor;
        }
    }
}
