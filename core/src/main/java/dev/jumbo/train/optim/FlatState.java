package dev.jumbo.train.optim;

import dev.jumbo.nn.FlatSlice;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Names, saves and frees the flat tensors of an optimizer; a subclass says what a step does with them. */
abstract class FlatState implements OptimizerState {
    private final FlatSlice slice;
    private final Map<String, Tensor> state = new LinkedHashMap<>();
    private final Tensor count;

    final Tensor values;

    private final Runs runs;

    /** @param weightDecay of all groups that have none of their own @param decayAll whether biases and normalisations decay too */
    FlatState(FlatSlice slice, double weightDecay, boolean decayAll) {
        this.slice = slice;
        values = slice.values();
        count = slot("step", Shape.of(), 0, DType.FLOAT32);
        runs = new Runs(slice.segments(), weightDecay, decayAll);
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

    /** Adds {@code weight_decay * w} to the gradients: the derivative of an L2 penalty of half that factor. */
    final void addDecayToGradients() {
        for (Runs.Run run : runs.byDecay()) {
            if (run.weightDecay() != 0) {
                run.range().of(gradients()).add_(run.range().of(values), run.weightDecay());
            }
        }
    }

    /** Shrinks the weights by {@code learningRate * weight_decay}, apart from the gradients (Loshchilov, Hutter, 2019). */
    final void shrinkWeights(double learningRate) {
        for (Runs.Run run : runs.byBoth()) {
            if (run.weightDecay() != 0) {
                run.range().of(values).mul_(1 - learningRate * run.learningRateScale() * run.weightDecay());
            }
        }
    }

    /** {@code w = w - learningRate d}, by the rate of each group. */
    final void move(Tensor direction, double learningRate) {
        for (Runs.Run run : runs.byRate()) {
            run.range().of(values).add_(run.range().of(direction), -learningRate * run.learningRateScale());
        }
    }

    /** {@code w = w - learningRate d / divisor}, by the rate of each group. */
    final void move(Tensor direction, Tensor divisor, double learningRate) {
        for (Runs.Run run : runs.byRate()) {
            run.range()
                    .of(values)
                    .addcdiv_(
                            run.range().of(direction),
                            run.range().of(divisor),
                            -learningRate * run.learningRateScale());
        }
    }

    /** What has one learning rate and one weight decay. */
    final List<Runs.Run> runs() {
        return runs.byBoth();
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
