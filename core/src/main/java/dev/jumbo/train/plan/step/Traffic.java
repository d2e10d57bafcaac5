package dev.jumbo.train.plan.step;

import dev.jumbo.train.plan.device.DeviceSpec;

/**
 * What one worker sends in one optimizer step, and how long that takes where nothing else does.
 *
 * <p>All-reduce by rings sends {@code 2 (N - 1) / N} of the data in {@code 2 (N - 1)} messages (Patarasuk, Yuan, 2009);
 * reduce-scatter and all-gather are half of one each.
 *
 * @param bytes sent by the worker that sends most
 * @param messages one after the other
 */
record Traffic(double bytes, double messages) {
    static final Traffic NONE = new Traffic(0, 0);

    /** @param bytes of the data that all workers hold afterwards */
    static Traffic allReduce(double bytes, int workers) {
        double others = workers - 1.0;
        return new Traffic(2 * bytes * others / workers, 2 * others);
    }

    /** One half of an all-reduce: a reduce-scatter or an all-gather. */
    static Traffic half(double bytes, int workers) {
        double others = workers - 1.0;
        return new Traffic(bytes * others / workers, others);
    }

    Traffic plus(Traffic other) {
        return new Traffic(bytes + other.bytes, messages + other.messages);
    }

    Traffic times(double factor) {
        return new Traffic(bytes * factor, messages * factor);
    }

    double seconds(DeviceSpec.Link link) {
        return bytes / link.bytesPerSecond() + messages * link.latency();
    }
}
