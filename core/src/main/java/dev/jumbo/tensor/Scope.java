package dev.jumbo.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.PointerScope;

/**
 * The life of native memory: everything made inside a scope, on the thread that opened it, is freed when it closes.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open()) {
 *     Tensor loss = network.forward(x, pass);
 *     return loss.item();
 * }
 * }</pre>
 *
 * A tensor belongs to the innermost open scope. {@link #keep} hands one to the scope outside; {@link Tensor#retain}
 * takes one out of all scopes, to live until it is closed. There is no other way that native memory is freed: no
 * finalizer, no garbage collection. Making a tensor outside any scope is an error, so nothing leaks unseen.
 */
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<Deque<Scope>> OPEN = ThreadLocal.withInitial(ArrayDeque::new);

    /** Every tensor that holds native memory, in a scope or retained: what {@link NativeMemory} counts. */
    static final Set<Tensor> LIVE = ConcurrentHashMap.newKeySet();

    static {
        // Static native pointers must exist before the first scope, or they would be freed with it.
        Native.start();
    }

    private final PointerScope pointers = new PointerScope();
    private final List<Tensor> made = new ArrayList<>();
    private final List<Tensor> received = new ArrayList<>();
    private final Thread owner = Thread.currentThread();
    private boolean closed;

    private Scope() {}

    /** Opens a scope on this thread, inside those that are open. */
    @SuppressWarnings("MustBeClosedChecker")
    public static Scope open() {
        Scope scope = new Scope();
        OPEN.get().push(scope);
        return scope;
    }

    /** Whether this thread has an open scope. */
    public static boolean isOpen() {
        return !OPEN.get().isEmpty();
    }

    /** The innermost open scope of this thread. */
    static Scope innermost() {
        Scope scope = OPEN.get().peek();
        if (scope == null) {
            throw new IllegalStateException(
                    "expected an open scope on this thread, found none: write try (Scope scope = Scope.open()) { ... }");
        }
        return scope;
    }

    void add(Tensor tensor) {
        made.add(tensor);
        LIVE.add(tensor);
    }

    /**
     * Hands a tensor of this scope to the one outside, which then frees it. A tensor that lives longer already, because
     * it is retained or belongs to a scope outside, is left as it is.
     *
     * @throws IllegalStateException if there is no scope outside this one
     */
    public Tensor keep(Tensor tensor) {
        Scope outer = null;
        boolean seen = false;
        for (Scope scope : OPEN.get()) {
            if (seen) {
                outer = scope;
                break;
            }
            seen = scope == this;
        }
        if (outer == null) {
            throw new IllegalStateException("expected a scope outside this one to keep the tensor, found none:"
                    + " open one, or call retain() on the tensor and close it yourself");
        }
        if (gaveUp(tensor)) {
            tensor.retainNative();
            outer.received.add(tensor);
        }
        return tensor;
    }

    /** Takes a tensor out of whichever open scope of this thread would free it. */
    static void release(Tensor tensor) {
        for (Scope scope : OPEN.get()) {
            if (scope.gaveUp(tensor)) {
                return;
            }
        }
    }

    /** Whether this scope would have freed the tensor; from now on it does not. */
    private boolean gaveUp(Tensor tensor) {
        return made.remove(tensor) || received.remove(tensor);
    }

    /** Frees what was made here. Scopes close in the reverse order of opening, on their own thread. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (Thread.currentThread() != owner || OPEN.get().peek() != this) {
            throw new IllegalStateException("expected to close the innermost scope of thread \"" + owner.getName()
                    + "\" on that thread: scopes close in the reverse order of opening");
        }
        closed = true;
        OPEN.get().pop();
        for (Tensor tensor : made) {
            tensor.forget();
        }
        for (Tensor tensor : received) {
            tensor.close();
        }
        pointers.close();
    }
}
