package dev.jumbo.serve.schedule;

/**
 * How long a batch was computed, in nanoseconds. A request that was computed in several parts has their sum.
 *
 * @param input putting the rows of its requests together
 * @param infer the model
 * @param output dividing what it gave among them
 */
public record ComputeTimes(long input, long infer, long output) {
    static final ComputeTimes NONE = new ComputeTimes(0, 0, 0);

    /** From the first to the last of it. */
    public long all() {
        return input + infer + output;
    }

    ComputeTimes plus(ComputeTimes other) {
        return new ComputeTimes(input + other.input, infer + other.infer, output + other.output);
    }
}
