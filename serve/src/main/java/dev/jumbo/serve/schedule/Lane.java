package dev.jumbo.serve.schedule;

import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.repository.settings.BatchingSettings;
import dev.jumbo.serve.wire.Refusal;
import java.util.concurrent.atomic.AtomicLong;

/** What waits for one loaded version, and how fast it goes. Guarded by the scheduler's lock. */
final class Lane {
    /** A batch is not made longer than this, by the rate that was measured: others wait behind it. */
    private static final double LONGEST_BATCH_NANOS = 200_000_000;

    static final int ANY = -1;

    final ServedModel model;
    final FairQueue<Job.Part> queue;
    final Rate rate = new Rate();
    final Fullness fullness;

    /** Whether rows of several requests may be computed together: each gets the bits that it gets alone. */
    final boolean joins;

    /** Nanoseconds of the device that this version has had, for turns between versions. */
    long used;

    /** When something was last asked. */
    long asked;

    /** Requests that wait in it. */
    int jobs;

    /** Requests to its model that may wait; {@link #ANY} for as many as there is place for. */
    int maxQueue = ANY;

    private int most = 1;
    private long delayNanos;
    private int stuck;

    /** @param ended goes up whenever something leaves the queue or the device */
    Lane(ServedModel model, boolean joins, long ageingNanos, AtomicLong ended) {
        fullness = new Fullness(ended);
        this.model = model;
        this.joins = joins;
        queue = new FairQueue<>(ageingNanos);
    }

    /** What holds from now on. @param own of its model, before what holds for all */
    void configure(SchedulingConfig all, BatchingSettings own) {
        most = own.maxBatchSize() == null ? all.maxBatchSize() : own.maxBatchSize();
        delayNanos = (long) (1e6 * (own.maxDelayMs() == null ? all.maxDelayMs() : own.maxDelayMs()));
        maxQueue = own.maxQueue() == null ? ANY : own.maxQueue();
    }

    /** How long a batch may still wait for more rows. */
    long delay(long now) {
        if (!joins || delayNanos == 0 || queue.size() >= most()) {
            return 0;
        }
        Job.Part first = queue.peek(now);
        return first == null ? 0 : delayNanos - (now - first.since());
    }

    /** Most rows of a batch. Where rows are not joined it is always the same, as the division may be seen in the bits. */
    int most() {
        int rows = most;
        while (joins && rate.isKnown() && rows > 1 && rate.nanos(rows, rows) > LONGEST_BATCH_NANOS) {
            rows /= 2;
        }
        return rows;
    }

    /** Nanoseconds for rows that wait. */
    double nanos(long rows) {
        return rate.nanos(rows, most());
    }

    void stuck(boolean now) {
        stuck += now ? 1 : -1;
    }

    /** @throws Refusal UNAVAILABLE while a batch of this version does not come back */
    void requireMoving() {
        if (stuck > 0) {
            throw new Refusal(
                    Refusal.Reason.UNAVAILABLE, "the model \"" + model.name() + "\" does not answer; try again later");
        }
    }
}
