package dev.jumbo.serve.repository.settings;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import org.jspecify.annotations.Nullable;

/**
 * How requests to one model share batches and wait. What is null is as {@code serve.scheduling} says for all.
 *
 * @param maxQueue null for as many as the server has place for
 * @param timeoutSeconds null for the server's
 */
@Doc("How requests to one model share batches and wait.")
public record BatchingSettings(
        @Doc("Most rows that are computed together; by default serve.scheduling.max_batch_size.")
        @Default("null")
        @Nullable
        Integer maxBatchSize,

        @Doc(
                "Milliseconds that a batch which is not full waits for more rows while the device is busy; by default serve.scheduling.max_delay_ms.")
        @Default("null")
        @Nullable
        Double maxDelayMs,

        @Doc("Requests to this model that may wait; the next one gets 503. Those of all models: serve.max_queue.")
        @Default("null")
        @Nullable
        Integer maxQueue,

        @Doc("The priority of requests that ask for none: 1 high, 2 normal, 3 low.") @Default("2")
        int priority,

        @Doc(
                "Seconds until a request is given up, its waiting included; a caller's own shorter time and serve.timeout_seconds hold beside it.")
        @Default("null")
        @Nullable
        Double timeoutSeconds) {
    /** The priority of a request that asks for none, where nothing is said. */
    public static final int NORMAL = 2;

    /** As it is for all models. */
    public static final BatchingSettings NONE = new BatchingSettings(null, null, null, NORMAL, null);

    private static final int LOWEST = 3;
    private static final int MOST_ROWS = 65_536;

    public BatchingSettings {
        require(
                maxBatchSize == null || maxBatchSize >= 1 && maxBatchSize <= MOST_ROWS,
                "max_batch_size",
                "1 to " + MOST_ROWS,
                maxBatchSize);
        require(maxDelayMs == null || maxDelayMs >= 0 && maxDelayMs <= 1000, "max_delay_ms", "0 to 1000", maxDelayMs);
        require(maxQueue == null || maxQueue >= 0, "max_queue", "0 or more", maxQueue);
        require(priority >= 1 && priority <= LOWEST, "priority", "1 (high), 2 (normal) or 3 (low)", priority);
        require(timeoutSeconds == null || timeoutSeconds > 0, "timeout_seconds", "more than 0", timeoutSeconds);
    }

    private static void require(boolean right, String key, String expected, @Nullable Object received) {
        if (!right) {
            throw new InputException("batching." + key + ": expected " + expected + ", received " + received);
        }
    }
}
