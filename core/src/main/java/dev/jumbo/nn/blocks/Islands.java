package dev.jumbo.nn.blocks;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the islands of a model have in common: hooks, passes that wait for their backward pass, and what went wrong in one. */
final class Islands implements AutoCloseable {
    private final HookPool hooks = new HookPool();
    private final Set<Visit> underWay = new LinkedHashSet<>();
    private @Nullable RuntimeException failure;

    HookPool hooks() {
        return hooks;
    }

    synchronized void begin(Visit visit) {
        underWay.add(visit);
    }

    synchronized void end(Visit visit) {
        underWay.remove(visit);
    }

    /** The first one counts: the rest of the backward pass is left out. */
    synchronized void fail(RuntimeException e) {
        failure = failure == null ? e : failure;
    }

    synchronized boolean hasFailed() {
        return failure != null;
    }

    /** Throws what has gone wrong in a backward pass. */
    synchronized void rethrow() {
        RuntimeException thrown = failure;
        failure = null;
        if (thrown != null) {
            throw thrown;
        }
    }

    /** Frees what waits for a backward pass that does not come. */
    synchronized void abandon() {
        Set.copyOf(underWay).forEach(Visit::close);
        underWay.clear();
        failure = null;
    }

    @Override
    public void close() {
        abandon();
        hooks.close();
    }
}
