package dev.jumbo.serve.observe;

import dev.jumbo.serve.schedule.Terms;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** How one request has spent its time, added up over its parts. */
final class Times implements Terms.Times {
    private long waited;
    private long computed;
    private long end;

    @Override
    public synchronized void spent(long waitedNanos, long computedNanos) {
        waited += waitedNanos;
        computed += computedNanos;
        Instant now = Instant.now();
        end = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    /** Nanoseconds in the queue. */
    synchronized long waited() {
        return waited;
    }

    /** Nanoseconds of the batches that it was in. */
    synchronized long computed() {
        return computed;
    }

    /** When the last part was computed, in nanoseconds since 1970. */
    synchronized long end() {
        return end;
    }
}
