package dev.jumbo.serve.schedule;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;

/** How requests wait, share batches and are refused. */
@Doc("How requests wait, share batches and are refused.")
public record SchedulingConfig(
        @Doc("Most rows that are computed together; longer requests are divided, so that others come between.")
        @Default("64")
        int maxBatchSize,

        @Doc(
                "Milliseconds that a batch which is not full waits for more rows while the device is busy; an idle one waits for none.")
        @Default("0")
        double maxDelayMs,

        @Doc("Milliseconds of waiting after which requests of a lower priority get every fourth turn.") @Default("1000")
        double ageingMs,

        @Doc("Rows that may wait in all; a request beyond that gets 503.") @Default("65536")
        int maxQueueRows,

        @Doc(
                "Megabytes for the bodies (a quarter) and values of all requests at once; 0 takes half the heap, and 384 at most.")
        @Default("0")
        int memoryMb,

        @Doc("Threads that decode JSON and pictures; 0 takes one for two processors.") @Default("0")
        int decoders,

        @Doc("Seconds that one computation may take before the server says that it is not ready.") @Default("10")
        double stuckSeconds,

        @Doc("Bytes a second that a body must come with, on average from its third second on; a slower one gets 408.")
        @Default("1024")
        int minBodyRate,

        @Doc("Seconds in which a stopping server still takes new requests, each answered with Connection: close.")
        @Default("5")
        double graceSeconds,

        @Doc(
                "Seconds in which each model is warmed up before the server says that it is ready, and on, up to 15 times as many in all, until Java has compiled what requests need; 0 for none.")
        @Default("2")
        double warmSeconds) {
    private static final int MB = 1 << 20;
    private static final int MOST_BY_ITSELF_MB = 384;

    public SchedulingConfig {
        require(maxBatchSize >= 1, "max_batch_size", "1 or more", maxBatchSize);
        require(maxDelayMs >= 0 && maxDelayMs <= 1000, "max_delay_ms", "0 to 1000", maxDelayMs);
        require(ageingMs > 0, "ageing_ms", "more than 0", ageingMs);
        require(maxQueueRows >= 1, "max_queue_rows", "1 or more", maxQueueRows);
        require(memoryMb >= 0, "memory_mb", "0 or more", memoryMb);
        require(decoders >= 0, "decoders", "0 or more", decoders);
        require(stuckSeconds > 0, "stuck_seconds", "more than 0", stuckSeconds);
        require(minBodyRate >= 0, "min_body_rate", "0 or more", minBodyRate);
        require(graceSeconds >= 0, "grace_seconds", "0 or more", graceSeconds);
        require(warmSeconds >= 0 && warmSeconds <= 600, "warm_seconds", "0 to 600", warmSeconds);
    }

    /** What is used where nothing is said. */
    public static SchedulingConfig standard() {
        return new SchedulingConfig(64, 0, 1000, 65_536, 0, 0, 10, 1024, 5, 2);
    }

    /** The same without a warm-up: ready at once, and slower at first. */
    public SchedulingConfig withoutWarmUp() {
        return new SchedulingConfig(
                maxBatchSize,
                maxDelayMs,
                ageingMs,
                maxQueueRows,
                memoryMb,
                decoders,
                stuckSeconds,
                minBodyRate,
                graceSeconds,
                0);
    }

    /** Bytes of bodies that are held at once. */
    public long bodyBytes() {
        return memoryBytes() / 4;
    }

    /** Bytes of values that are made of bodies: while they are decoded, wait and are computed. */
    long valueBytes() {
        return memoryBytes() / 4 * 3;
    }

    private long memoryBytes() {
        if (memoryMb > 0) {
            return (long) memoryMb * MB;
        }
        return Math.min(Runtime.getRuntime().maxMemory() / 2, (long) MOST_BY_ITSELF_MB * MB);
    }

    int decoderThreads() {
        return decoders > 0 ? decoders : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    private static void require(boolean right, String key, String expected, Object received) {
        if (!right) {
            throw new InputException("serve.scheduling." + key + ": expected " + expected + ", received " + received);
        }
    }
}
