package dev.jumbo.serve.schedule;

import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.repository.settings.BatchingSettings;
import dev.jumbo.serve.wire.Refusal;
import dev.jumbo.train.answer.RowOutputs;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who is computed next on a device, and together with whom. Each loaded version has a lane; the rows in it wait by priority and caller
 * ({@link FairQueue}), and lanes of one urgency take turns by the time that they have had ({@link Lanes}). A free thread takes what waits
 * at once, as many rows as fit into a batch; while it was busy, a batch that is not full may wait {@code max_delay_ms} for more.
 *
 * <p>A request is refused when it comes, not when it is late: where the queue is full, and where by the measured rate the rows before it
 * leave no time for it ({@link Room}). What is late or no longer waited for all the same is left out.
 */
final class Scheduler implements AutoCloseable {
    private static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final SchedulingConfig config;
    private final Activity activity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Lanes lanes;
    private final Crew crew;
    private final Room room;
    /** When a computing thread was done with its last batch; 0 where it has waited since, for work or for more of it. */
    private final ThreadLocal<Long> done = ThreadLocal.withInitial(() -> 0L);

    private int idle;
    private boolean closed;

    /**
     * @param threads that compute
     * @param maxQueue requests that may wait beside those being computed
     */
    Scheduler(SchedulingConfig config, int threads, int maxQueue, Activity activity) {
        this.config = config;
        this.activity = activity;
        lanes = new Lanes(config);
        crew = new Crew("jumbo-compute", threads, this::next);
        room = new Room(lanes, crew, threads, maxQueue, config.maxQueueRows());
    }

    /**
     * The outputs of a request once they are computed.
     *
     * @param batching what holds for its model now
     * @return fails with what the model throws, and with a {@link Refusal}: UNAVAILABLE if it was put out for another caller's first
     *     request, DEADLINE if it was late
     * @throws Refusal UNAVAILABLE if it cannot be computed in time, or there is no place
     */
    CompletableFuture<RowOutputs> submit(
            ServedModel model, BatchingSettings batching, ServedModel.Request request, Terms terms) {
        long now = System.nanoTime();
        Job job = new Job(request, terms);
        lock.lock();
        try {
            requireOpen();
            Lane lane = lanes.of(model, batching, now);
            room.make(lane, terms, request.rows(), idle, now);
            lanes.add(lane, job, request.rows(), now);
            work.signal();
        } finally {
            unlock();
        }
        return job.answer();
    }

    /**
     * Refuses what {@link #submit} would refuse, before its body is decoded.
     *
     * @throws Refusal UNAVAILABLE
     */
    void requireRoom(ServedModel model, BatchingSettings batching, Terms terms) {
        long now = System.nanoTime();
        lock.lock();
        try {
            requireOpen();
            room.require(lanes.of(model, batching, now), terms, 1, idle, now);
        } finally {
            unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw stopping();
        }
    }

    private static Refusal stopping() {
        return new Refusal(Refusal.Reason.UNAVAILABLE, "the server is stopping; ask another one");
    }

    /** Whether a computation does not come back. */
    boolean isStuck() {
        return crew.stuck() > 0;
    }

    /** Requests that wait, without those being computed. */
    int waiting() {
        lock.lock();
        try {
            return lanes.jobs();
        } finally {
            unlock();
        }
    }

    /** Ends the threads; what still waits is not computed. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            lanes.each(lane -> lanes.remove(lane, part -> true, stopping()));
            work.signalAll();
        } finally {
            unlock();
        }
        crew.close();
    }

    private Crew.@Nullable Work next() throws InterruptedException {
        boolean waited = false;
        boolean paused = false;
        while (true) {
            Batch batch = null;
            lock.lockInterruptibly();
            try {
                if (closed) {
                    return null;
                }
                long now = System.nanoTime();
                Lane lane = lanes.mostUrgent(now);
                long delay = lane == null || waited ? 0 : lane.delay(now);
                if (lane == null || delay > 0) {
                    idle += lane == null ? 1 : 0;
                    try {
                        if (lane == null) {
                            work.await();
                        } else {
                            work.awaitNanos(delay);
                        }
                    } finally {
                        idle -= lane == null ? 1 : 0;
                    }
                    waited |= lane == null;
                    paused = true;
                    continue;
                }
                batch = lanes.gather(lane, now);
            } finally {
                unlock();
            }
            if (batch != null) {
                return new Running(batch, paused ? 0 : done.get());
            }
        }
    }

    /** A batch being computed. */
    private final class Running implements Crew.Work {
        private final Batch batch;
        private final long since;

        /** @param since the end of the batch before it, where the thread went on to this one at once; else 0 */
        Running(Batch batch, long since) {
            this.batch = batch;
            this.since = since;
        }

        @Override
        public void run() {
            long start = System.nanoTime();
            batch.compute(activity);
            long end = System.nanoTime();
            int rows = batch.rows();
            lock.lock();
            try {
                lanes.ended();
                batch.lane().used += end - start;
                // What lies between two batches delays what waits as much as they do: on a full machine that is not
                // little.
                batch.lane().rate.measured(rows, end - (since == 0 ? start : since));
                done.set(end);
            } finally {
                unlock();
            }
        }

        @Override
        public String name() {
            return "a batch of " + batch.rows() + " rows of "
                    + batch.lane().model.name();
        }

        @Override
        public void stuck(boolean now) {
            lock.lock();
            try {
                batch.lane().stuck(now);
                if (now) {
                    lanes.remove(
                            batch.lane(),
                            part -> true,
                            new Refusal(Refusal.Reason.UNAVAILABLE, "the model does not answer; try again later"));
                }
            } finally {
                unlock();
            }
        }
    }

    /** Answers what is late, and looks for threads that do not come back. */
    void watch(long now) {
        crew.watch(now, (long) (config.stuckSeconds() * 1e9));
        lock.lock();
        try {
            lanes.each(lane -> lanes.removeOver(lane, now));
            lanes.forget(now - FORGET_NANOS);
        } finally {
            unlock();
        }
    }

    private void unlock() {
        List<Runnable> told = new ArrayList<>();
        lanes.takeTold(told);
        lock.unlock();
        told.forEach(Runnable::run);
    }
}
