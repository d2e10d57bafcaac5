package dev.jumbo.serve.observe;

/**
 * What was counted of a version since it first answered: the statistics extension of V2.
 *
 * @param last when it last answered, in milliseconds since 1970; 0 for never
 * @param answeringNanos of those that were answered, from end to end
 * @param waitingNanos of all requests, in the queue
 * @param rows computed
 * @param batches computed
 * @param computingNanos of all batches
 */
public record VersionCounts(
        String model,
        String version,
        long last,
        long answered,
        long answeringNanos,
        long failed,
        long waitingNanos,
        long rows,
        long batches,
        long computingNanos) {}
