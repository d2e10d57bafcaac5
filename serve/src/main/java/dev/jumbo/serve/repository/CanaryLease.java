package dev.jumbo.serve.repository;

import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.repository.canary.CanaryTrial;
import dev.jumbo.serve.repository.settings.BatchingSettings;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A lease while there is a canary: what comes of the request is counted.
 *
 * @param stable the version beside the canary, if this is the canary's; null if it is the stable version's own
 */
record CanaryLease(Lease held, CanaryTrial trial, @Nullable LoadedVersion stable, long since, AtomicBoolean counted)
        implements Lease {
    CanaryLease(Lease held, CanaryTrial trial, @Nullable LoadedVersion stable) {
        this(held, trial, stable, System.nanoTime(), new AtomicBoolean());
    }

    @Override
    public ServedModel model() {
        return held.model();
    }

    @Override
    public BatchingSettings batching() {
        return held.batching();
    }

    @Override
    public void ended(@Nullable Throwable error) {
        if (counted.compareAndSet(false, true)) {
            trial.ended(stable != null, System.nanoTime() - since, error);
        }
    }

    @Override
    public @Nullable Shadow shadow() {
        if (stable == null || !trial.asksStable()) {
            return null;
        }
        Lease other = stable.lease(batching());
        return other == null ? null : new Asked(other, trial);
    }

    @Override
    public void close() {
        held.close();
    }

    private record Asked(Lease other, CanaryTrial trial) implements Shadow {
        @Override
        public ServedModel model() {
            return other.model();
        }

        @Override
        public void compare(List<float[]> byCanary, List<float[]> byStable) {
            trial.compare(byCanary, byStable);
        }

        @Override
        public void refusedAlone() {
            trial.refusedAlone();
        }

        @Override
        public void close() {
            other.close();
        }
    }
}
