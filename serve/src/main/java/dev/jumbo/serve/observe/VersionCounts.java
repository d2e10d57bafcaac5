package dev.jumbo.serve.observe;

import java.util.List;

/**
 * What was counted of a version since it first answered: the statistics extension of V2, with Triton's meaning of each.
 *
 * @param last when it last answered, in milliseconds since 1970; 0 for never
 * @param rows of requests that were answered
 * @param batches computed
 * @param success requests that were answered, from end to end
 * @param fail those that were not, but for mistakes of callers
 * @param queue waiting, once for each request that was answered, as the three behind it
 * @param input making inputs
 * @param infer in the model: each request has the time of its whole batch
 * @param output making answers
 * @param sizes batches by their size, ascending
 */
public record VersionCounts(
        String model,
        String version,
        long last,
        long rows,
        long batches,
        Sum success,
        Sum fail,
        Sum queue,
        Sum input,
        Sum infer,
        Sum output,
        List<Size> sizes) {
    /** How often something was, and how long in all. */
    public record Sum(long count, long nanos) {
        public static final Sum NONE = new Sum(0, 0);
    }

    /** Batches of so many rows. */
    public record Size(int rows, Sum input, Sum infer, Sum output) {}

    /** Of a version that nobody has asked. */
    public static VersionCounts none(String model, String version) {
        return new VersionCounts(
                model, version, 0, 0, 0, Sum.NONE, Sum.NONE, Sum.NONE, Sum.NONE, Sum.NONE, Sum.NONE, List.of());
    }
}
