package dev.jumbo.tensor;

import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.bytedeco.pytorch.VoidTensorHook;
import org.jspecify.annotations.Nullable;

/**
 * Something that is done in the middle of back-propagation, on the thread that runs it: {@link Tensor#onGradient} says
 * for which tensors. One hook can serve any number of tensors. Close it after them; closed before, it does nothing more.
 *
 * <p>Of tensors in main memory that is the thread that called {@link Tensor#backward()}; for a GPU libtorch has threads of its
 * own. So each call has a scope of its own, whatever the thread: what an action makes is freed behind it, except the gradient
 * that it gives back, and what it retains.
 *
 * <p>An exception cannot pass through native code as it is. It is kept, the gradient stays as it was, and {@link
 * #rethrow} throws it when back-propagation is over.
 */
public final class GradientHook implements AutoCloseable {
    /** The gradient that a hook gave back last on a thread: native code takes it over only after the call. */
    private static final ThreadLocal<org.bytedeco.pytorch.Tensor> HANDED_OVER = new ThreadLocal<>();

    private final Pointer hook;
    private boolean registered;
    private boolean closed;
    private volatile @Nullable RuntimeException failure;

    private GradientHook(@Nullable Runnable action, @Nullable UnaryOperator<Tensor> change, boolean keeps) {
        Native.start();
        if (change != null) {
            hook = new Changing(change);
        } else if (keeps) {
            hook = new Keeping();
        } else {
            hook = new Listening(action == null ? () -> {} : action);
        }
        hook.retainReference(); // Out of whatever scope is open: it lives until it is closed.
    }

    /** Is told that a gradient has arrived. The gradients of all leaves of which it was told before have been added up by then. */
    public static GradientHook listening(Runnable action) {
        return new GradientHook(action, null, false);
    }

    /** Replaces a gradient. */
    public static GradientHook changing(UnaryOperator<Tensor> change) {
        return new GradientHook(null, change, false);
    }

    /** Keeps the last gradient it was told of, which {@link #take} gives. It needs no scope on the thread of back-propagation. */
    public static GradientHook keeping() {
        return new GradientHook(null, null, true);
    }

    /** The gradient that was kept, which now belongs to the scope that is open here; null if none has come since the last call. */
    public @Nullable Tensor take() {
        return hook instanceof Keeping keeping ? keeping.take() : null;
    }

    /** Throws what an action has thrown since the last call. */
    public void rethrow() {
        RuntimeException thrown = failure;
        failure = null;
        handOver(null);
        if (thrown != null) {
            throw thrown;
        }
    }

    /** From now on nothing is done. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (hook instanceof Changing changing) {
            changing.change = UnaryOperator.identity();
        } else if (hook instanceof Listening listening) {
            listening.action = () -> {};
        } else if (hook instanceof Keeping keeping) {
            keeping.forget();
        }
        if (!registered) {
            // Otherwise a tensor may still call it: its few bytes, without the action, stay.
            hook.releaseReference();
        }
    }

    /** @throws IllegalStateException if it is closed */
    synchronized void register(org.bytedeco.pytorch.Tensor tensor) {
        if (closed) {
            throw new IllegalStateException("expected an open hook, received one that is closed");
        }
        registered = true;
        if (hook instanceof Changing changing) {
            tensor.register_hook(changing);
        } else if (hook instanceof Listening listening) {
            tensor.register_hook(listening);
        } else if (hook instanceof Keeping keeping) {
            tensor.register_hook(keeping);
        }
    }

    private final class Keeping extends VoidTensorHook {
        private org.bytedeco.pytorch.@Nullable Tensor kept;

        @Override
        public synchronized void call(TensorBase gradient) {
            forget();
            if (!closed) {
                kept = new org.bytedeco.pytorch.Tensor(gradient);
                kept.retainReference(); // Out of whatever scope is open on this thread.
            }
        }

        synchronized @Nullable Tensor take() {
            if (kept == null) {
                return null;
            }
            Tensor taken = Tensor.wrap(new org.bytedeco.pytorch.Tensor(kept));
            forget();
            return taken;
        }

        synchronized void forget() {
            if (kept != null) {
                kept.releaseReference();
                kept = null;
            }
        }
    }

    /** @param gradient whose native memory lives until the next call on this thread */
    private static void handOver(org.bytedeco.pytorch.@Nullable Tensor gradient) {
        org.bytedeco.pytorch.Tensor before = HANDED_OVER.get();
        if (before != null) {
            before.releaseReference();
        }
        if (gradient == null) {
            HANDED_OVER.remove();
        } else {
            gradient.retainReference();
            HANDED_OVER.set(gradient);
        }
    }

    private final class Listening extends VoidTensorHook {
        private Runnable action;

        Listening(Runnable action) {
            this.action = action;
        }

        @Override
        public void call(TensorBase gradient) {
            try (Scope scope = Scope.open()) {
                action.run();
            } catch (RuntimeException e) {
                failure = e;
            }
        }
    }

    private final class Changing extends TensorTensorHook {
        private UnaryOperator<Tensor> change;

        Changing(UnaryOperator<Tensor> change) {
            this.change = change;
        }

        @Override
        public TensorBase call(TensorBase gradient) {
            try (Scope scope = Scope.open()) {
                Tensor changed = change.apply(Tensor.wrap(new org.bytedeco.pytorch.Tensor(gradient)));
                if (changed == null) {
                    throw new IllegalStateException("expected a gradient from a hook, received null");
                }
                org.bytedeco.pytorch.Tensor handle = new org.bytedeco.pytorch.Tensor(changed.handle());
                handOver(handle);
                return handle;
            } catch (RuntimeException e) {
                failure = e;
                return gradient;
            }
        }
    }
}
