package dev.jumbo.serve.schedule;

import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.wire.Refusal;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.answer.RowOutputs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is computed next on a device, and together with whom. Each loaded version has a lane; the rows in it wait by priority and caller
 * ({@link FairQueue}), and lanes of one urgency take turns by the time that they have had. A free thread takes what waits at once, as
 * many rows as fit into a batch; while it was busy, a batch that is not full may wait {@code max_delay_ms} for more.
 *
 * <p>A request is refused when it comes, not when it is late: where the queue is full, and where by the measured rate the rows before it
 * leave no time for it. What is late or no longer waited for all the same is left out.
 */
final class Scheduler implements AutoCloseable {
    private static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final SchedulingConfig config;
    private final int maxQueue;
    private final int threads;
    private final Activity activity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Map<Predictor, Lane> lanes = new IdentityHashMap<>();
    private final Crew crew;
    private int waitingJobs;
    private int idle;
    private long turn;
    private boolean closed;

    /** What to tell those who are put out, once the lock is free: what they do then is their business. */
    private final List<Runnable> telling = new ArrayList<>();

    /**
     * @param threads that compute
     * @param maxQueue requests that may wait beside those being computed
     */
    Scheduler(SchedulingConfig config, int threads, int maxQueue, Activity activity) {
        this.config = config;
        this.maxQueue = maxQueue;
        this.threads = threads;
        this.activity = activity;
        crew = new Crew("jumbo-compute", threads, this::next);
    }

    /**
     * The outputs of a request once they are computed.
     *
     * @return fails with what the model throws, and with a {@link Refusal}: UNAVAILABLE if it was put out for another caller's first
     *     request, DEADLINE if it was late
     * @throws Refusal UNAVAILABLE if it cannot be computed in time, or there is no place
     */
    CompletableFuture<RowOutputs> submit(ServedModel model, ServedModel.Request request, Terms terms) {
        long now = System.nanoTime();
        Job job = new Job(request, terms);
        lock.lock();
        try {
            Lane lane = lane(model, now);
            admit(lane, terms, request.rows(), now);
            int most = lane.most();
            for (int from = 0; from < request.rows(); from += most) {
                lane.queue.add(job.part(from, Math.min(most, request.rows() - from), now));
                job.waiting++;
            }
            waitingJobs++;
            if (lane.queue.count() == job.waiting) {
                lane.used = Math.max(lane.used, turn); // it has not saved up turns while nothing was asked
            }
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
    void requireRoom(ServedModel model, Terms terms) {
        long now = System.nanoTime();
        lock.lock();
        try {
            requireRoom(lane(model, now), terms, 1, now);
        } finally {
            unlock();
        }
    }

    /** Whether a computation does not come back. */
    boolean isStuck() {
        return crew.stuck() > 0;
    }

    /** Requests that wait, without those being computed. */
    int waiting() {
        lock.lock();
        try {
            return waitingJobs;
        } finally {
            unlock();
        }
    }

    /** Ends the threads; what still waits is not computed. */
    @Override
    public void close() {
        List<Job.Part> left = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            lanes.values().forEach(lane -> left.addAll(lane.queue.removeIf(part -> true)));
            work.signalAll();
        } finally {
            unlock();
        }
        left.forEach(part ->
                part.job().fail(new Refusal(Refusal.Reason.UNAVAILABLE, "the server is stopping; ask another one")));
        crew.close();
    }

    // ---- who comes in -----------------------------------------------------------------------------------------------

    private Lane lane(ServedModel model, long now) {
        Lane lane = lanes.computeIfAbsent(
                model.predictor(),
                key -> new Lane(model, config.maxBatchSize(), Joining.isSafe(key), nanos(config.ageingMs() / 1000)));
        lane.asked = now;
        return lane;
    }

    private void admit(Lane lane, Terms terms, int rows, long now) {
        requireRoom(lane, terms, rows, now);
        if (waitingJobs >= maxQueue + idle) {
            Job.Part out = lane.queue.ofTheGreediest(terms.priority());
            if (out != null) {
                remove(lane, part -> part.job() == out.job(), full(lane, terms));
            }
        }
    }

    private void requireRoom(Lane lane, Terms terms, int rows, long now) {
        if (closed) {
            throw new Refusal(Refusal.Reason.UNAVAILABLE, "the server is stopping; ask another one");
        }
        lane.requireMoving();
        long waitingRows = 0;
        for (Lane each : lanes.values()) {
            waitingRows += each.queue.size();
        }
        boolean full = waitingJobs >= maxQueue + idle || waitingRows > 0 && waitingRows + rows > config.maxQueueRows();
        if (full && !mayPutOut(lane, terms)) {
            activity.refused(lane.model);
            throw full(lane, terms);
        }
        if (waitingJobs == 0) {
            return; // whatever the rate was: only what is computed says what it is now
        }
        double wait = ahead(lane, terms, rows, now) + lane.nanos(rows);
        if (now + (long) wait - terms.deadline() > 0) {
            activity.refused(lane.model);
            throw new Refusal(
                    Refusal.Reason.UNAVAILABLE,
                    "the server is full: an answer would take about " + (long) Math.ceil(wait / 1e6)
                            + " ms, which is later than the deadline; try again later",
                    Duration.ofNanos((long) wait));
        }
    }

    /** Whether somebody has more places in the queue than the caller, at no higher priority: the last of them goes. */
    private static boolean mayPutOut(Lane lane, Terms terms) {
        Job.Part greediest = lane.queue.ofTheGreediest(terms.priority());
        if (greediest == null) {
            return false;
        }
        boolean lower = greediest.terms().priority().compareTo(terms.priority()) > 0;
        String greedy = greediest.terms().caller();
        return lower
                || !greedy.equals(terms.caller())
                        && lane.queue.countOf(greedy) > lane.queue.countOf(terms.caller()) + 1;
    }

    private Refusal full(Lane lane, Terms terms) {
        double wait = ahead(lane, terms, 1, System.nanoTime());
        return new Refusal(
                Refusal.Reason.UNAVAILABLE, "the server is full; try again later", Duration.ofNanos((long) wait));
    }

    /** Nanoseconds until the device has computed what comes before a request. */
    private double ahead(Lane lane, Terms terms, int rows, long now) {
        double ahead = 0;
        for (Lane each : lanes.values()) {
            long waiting = each.queue.sizeUpTo(terms.priority());
            if (each == lane && waiting > 0 && each.queue.callers() > 1) {
                // The callers take turns: a greedy one's rows are not all before another's first.
                waiting = Math.min(waiting, (each.queue.sizeOf(terms.caller()) + rows) * each.queue.callers());
            }
            ahead += each.nanos(waiting);
        }
        boolean busy = idle == 0;
        double running = busy ? Math.max(0, lane.nanos(lane.most()) - (now - crew.since(now))) : 0;
        return (ahead + running) / threads;
    }

    // ---- who goes next ----------------------------------------------------------------------------------------------

    private Crew.@Nullable Work next() throws InterruptedException {
        boolean waited = false;
        while (true) {
            Batch batch = null;
            lock.lockInterruptibly();
            try {
                if (closed) {
                    return null;
                }
                long now = System.nanoTime();
                Lane lane = mostUrgent(now);
                long delay = lane == null || waited ? 0 : delay(lane, now);
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
                    continue;
                }
                batch = gather(lane, now);
            } finally {
                unlock();
            }
            if (batch != null) {
                return new Running(batch);
            }
        }
    }

    private @Nullable Lane mostUrgent(long now) {
        Lane first = null;
        for (Lane lane : lanes.values()) {
            if (!lane.queue.isEmpty() && (first == null || goesBefore(lane, first, now))) {
                first = lane;
            }
        }
        return first;
    }

    /** The more urgent lane goes first, unless the other has waited long: lanes of one urgency take turns. */
    private boolean goesBefore(Lane one, Lane other, long now) {
        Job.Part mine = Objects.requireNonNull(one.queue.peek(now), "it is not empty");
        Job.Part its = Objects.requireNonNull(other.queue.peek(now), "it is not empty");
        int step = its.terms().priority().ordinal() - mine.terms().priority().ordinal();
        long waited = now - (step > 0 ? its : mine).since();
        if (step != 0 && waited < Math.abs(step) * nanos(config.ageingMs() / 1000)) {
            return step > 0;
        }
        return one.used - other.used < 0;
    }

    /** How long a batch may still wait for more rows. */
    private long delay(Lane lane, long now) {
        if (!lane.joins || config.maxDelayMs() == 0 || lane.queue.size() >= lane.most()) {
            return 0;
        }
        Job.Part first = lane.queue.peek(now);
        return first == null ? 0 : nanos(config.maxDelayMs() / 1000) - (now - first.since());
    }

    private @Nullable Batch gather(Lane lane, long now) {
        turn = lane.used;
        int most = lane.most();
        List<Job.Part> parts = new ArrayList<>();
        int rows = 0;
        while (true) {
            Job.Part next = lane.queue.peek(now);
            if (next == null) {
                break;
            }
            boolean over = next.isOver(now);
            // The last one is tried all the same, or a rate that was bad for a moment would never be measured again.
            boolean last = parts.isEmpty() && lane.queue.count() == 1;
            boolean late = !over
                    && !last
                    && now
                                    + (long) lane.nanos(rows + next.size())
                                    - next.terms().deadline()
                            > 0;
            if (!over && !late && !parts.isEmpty() && (!lane.joins || rows + next.size() > most)) {
                break;
            }
            lane.queue.poll(now);
            taken(next);
            if (over || late) {
                telling.add(() -> next.job().fail(late()));
            } else {
                parts.add(next);
                rows += next.size();
            }
        }
        return parts.isEmpty() ? null : new Batch(lane, parts);
    }

    private void taken(Job.Part part) {
        if (--part.job().waiting == 0) {
            waitingJobs--;
        }
    }

    private static Refusal late() {
        return new Refusal(Refusal.Reason.DEADLINE, "no answer in time; try again later");
    }

    /** A batch being computed. */
    private final class Running implements Crew.Work {
        private final Batch batch;

        Running(Batch batch) {
            this.batch = batch;
        }

        @Override
        public void run() {
            long start = System.nanoTime();
            batch.compute(activity);
            long end = System.nanoTime();
            int rows = batch.rows();
            lock.lock();
            try {
                batch.lane().used += end - start;
                batch.lane().rate.measured(rows, end - start);
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
                    remove(
                            batch.lane(),
                            part -> true,
                            new Refusal(Refusal.Reason.UNAVAILABLE, "the model does not answer; try again later"));
                }
            } finally {
                unlock();
            }
        }
    }

    // ---- now and then -----------------------------------------------------------------------------------------------

    /** Answers what is late, and looks for threads that do not come back. */
    void watch(long now) {
        crew.watch(now, nanos(config.stuckSeconds()));
        lock.lock();
        try {
            for (Lane lane : lanes.values()) {
                remove(lane, part -> part.isOver(now), late());
            }
            lanes.values().removeIf(lane -> lane.queue.isEmpty() && now - lane.asked > FORGET_NANOS);
        } finally {
            unlock();
        }
    }

    private void remove(Lane lane, Predicate<Job.Part> rule, Refusal why) {
        for (Job.Part part : lane.queue.removeIf(rule)) {
            taken(part);
            telling.add(() -> part.job().fail(why));
        }
    }

    private void unlock() {
        List<Runnable> told = telling.isEmpty() ? List.of() : List.copyOf(telling);
        telling.clear();
        lock.unlock();
        told.forEach(Runnable::run);
    }

    private static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }
}
