package dev.jumbo.nn.blocks;

import dev.jumbo.tensor.GradientHook;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Hooks that are used again: a tensor that has been told of one may keep its few bytes, so a new one for each pass would add up. */
final class HookPool implements AutoCloseable {
    private final List<Slot> all = new ArrayList<>();
    private final Deque<Slot> free = new ArrayDeque<>();

    private static final class Slot {
        private final GradientHook hook = GradientHook.changing(this::apply);
        private volatile @Nullable UnaryOperator<Tensor> action;

        private Tensor apply(Tensor gradient) {
            UnaryOperator<Tensor> current = action;
            return current == null ? gradient : current.apply(gradient);
        }
    }

    /** A hook's time at one place of one pass. */
    final class Use {
        private final Slot slot;
        private boolean over;

        private Use(Slot slot) {
            this.slot = slot;
        }

        /** Nothing is done any more; the hook serves another place. */
        void end() {
            synchronized (HookPool.this) {
                if (!over) {
                    over = true;
                    slot.action = null;
                    free.push(slot);
                }
            }
        }
    }

    /** Does something when the gradient of a tensor is there. @param action gives the gradient that goes on */
    synchronized Use on(Tensor tensor, UnaryOperator<Tensor> action) {
        Slot slot = free.poll();
        if (slot == null) {
            slot = new Slot();
            all.add(slot);
        }
        Use use = new Use(slot);
        slot.action = gradient -> {
            use.end(); // Of one pass there is one gradient.
            return action.apply(gradient);
        };
        tensor.onGradient(slot.hook);
        return use;
    }

    @Override
    public synchronized void close() {
        all.forEach(slot -> {
            slot.action = null;
            slot.hook.close();
        });
    }
}
