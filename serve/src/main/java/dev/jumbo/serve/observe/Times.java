package dev.jumbo.serve.observe;

import dev.jumbo.serve.schedule.ComputeTimes;
import dev.jumbo.serve.schedule.Terms;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** How one request has spent its time, and which version answers it. */
final class Times implements Terms.Times {
    private long waited;
    private ComputeTimes computed = new ComputeTimes(0, 0, 0);
    private long end;
    private String model = "";
    private String version = "";

    @Override
    public synchronized void spent(long waitedNanos, ComputeTimes times) {
        waited = waitedNanos;
        computed = times;
        Instant now = Instant.now();
        end = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    @Override
    public synchronized void by(String name, String answering) {
        model = name;
        version = answering;
    }

    /** Nanoseconds in queues. */
    synchronized long waited() {
        return waited;
    }

    /** Nanoseconds of the batches that it was in. */
    synchronized long computed() {
        return computed.all();
    }

    /** When the last of it was computed, in nanoseconds since 1970. */
    synchronized long end() {
        return end;
    }

    /** The name of the model that answers; empty if none does. */
    synchronized String model() {
        return model;
    }

    synchronized String version() {
        return version;
    }
}
