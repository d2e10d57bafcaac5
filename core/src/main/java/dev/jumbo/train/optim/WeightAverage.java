package dev.jumbo.train.optim;

import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.FlatStore;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Map;

/**
 * An exponential moving average of all trainable values and all buffers, which often predicts better than the values
 * themselves (Polyak, Juditsky, 1992): {@code a = decay a + (1 - decay) w}, with {@code a = w} at the first update. As
 * PyTorch's {@code AveragedModel} with {@code get_ema_multi_avg_fn} and {@code use_buffers=True}: the running means of a
 * normalisation belong to the weights before it, so they are averaged alike.
 *
 * <pre>{@code
 * average.update();                                  // after each step
 * try (var averaged = average.use()) { evaluate(); } // with the averages in the model's place
 * }</pre>
 */
public final class WeightAverage implements AutoCloseable {
    private final FlatSlice slice;
    private final Tensor liveBuffers;
    private final double decay;
    private final Tensor average;
    private final Tensor buffers;
    private final Tensor updates;

    /** @param decay share of the average that an update keeps, 0 to below 1 */
    public WeightAverage(FlatStore store, double decay) {
        this(store, store.buffers(), decay);
    }

    /**
     * The average of a part of the values, where workers divide it as they divide the optimizer's state, and of all
     * buffers.
     */
    public WeightAverage(FlatSlice slice, Tensor liveBuffers, double decay) {
        Range.fraction("weight_average", decay);
        this.slice = slice;
        this.liveBuffers = liveBuffers;
        this.decay = decay;
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            average = slice.values().copy().retain();
            buffers = liveBuffers.copy().retain();
            updates = Tensor.zeros(Shape.of(), DType.FLOAT32).retain();
        }
    }

    /** Takes the current values and buffers in. */
    public void update() {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            if (updates.item() == 0) {
                average.copy_(slice.values());
                buffers.copy_(liveBuffers);
            } else {
                average.lerp_(slice.values(), 1 - decay);
                buffers.lerp_(liveBuffers, 1 - decay);
            }
            updates.add_(1);
        }
    }

    /** Puts the averages in the model's place until the result is closed; all workers together where they divide the values. */
    public Use use() {
        swap();
        return this::swap;
    }

    /** The time in which the model computes with the average. */
    @FunctionalInterface
    public interface Use extends AutoCloseable {
        /** Puts the values back. */
        @Override
        void close();
    }

    /** The averages of the buffers: the live tensor. */
    public Tensor buffers() {
        return buffers;
    }

    /** The live tensors {@code average}, {@code buffers} and {@code updates}, for a checkpoint to copy. */
    public Map<String, Tensor> state() {
        return Map.of("average", average, "buffers", buffers, "updates", updates);
    }

    /** Copies a saved state in. @throws dev.jumbo.error.InputException if a name or shape differs; nothing is changed then */
    public void load(Map<String, Tensor> saved) {
        SavedState.copy(saved, state(), "the average of weights");
    }

    @Override
    public void close() {
        average.close();
        buffers.close();
        updates.close();
    }

    private void swap() {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            exchange(slice.values(), average);
            exchange(liveBuffers, buffers);
            slice.valuesChanged();
        }
    }

    private static void exchange(Tensor a, Tensor b) {
        Tensor held = a.copy();
        a.copy_(b);
        b.copy_(held);
    }
}
