package dev.jumbo.serve.repository;

import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.repository.settings.BatchingSettings;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A model in memory, and how many requests it has. */
final class LoadedVersion {
    private static final int RETIRED = 1 << 30;

    private final ServedModel model;
    private final Runnable idle;

    /** The number of leases, and {@link #RETIRED}. One word, so that no lease can come between the last one and the end. */
    private final AtomicInteger leases = new AtomicInteger();

    /** @param idle runs once, when it is retired and the last lease is closed */
    LoadedVersion(ServedModel model, Runnable idle) {
        this.model = model;
        this.idle = idle;
    }

    ServedModel model() {
        return model;
    }

    /** One more request; null if it is retired. @param batching what holds for the model now */
    @Nullable
    Lease lease(BatchingSettings batching) {
        int now;
        do {
            now = leases.get();
            if ((now & RETIRED) != 0) {
                return null;
            }
        } while (!leases.compareAndSet(now, now + 1));
        return new Held(batching);
    }

    /** No more requests. */
    void retire() {
        int before = leases.getAndUpdate(now -> now | RETIRED);
        if (before == 0) {
            idle.run();
        }
    }

    /** Requests that it has. */
    int inUse() {
        return leases.get() & ~RETIRED;
    }

    private final class Held implements Lease {
        private final AtomicBoolean open = new AtomicBoolean(true);
        private final BatchingSettings batching;

        Held(BatchingSettings batching) {
            this.batching = batching;
        }

        @Override
        public BatchingSettings batching() {
            return batching;
        }

        @Override
        public ServedModel model() {
            return model;
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false) && leases.decrementAndGet() == RETIRED) {
                idle.run();
            }
        }
    }
}
