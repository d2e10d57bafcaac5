package dev.jumbo.serve.schedule;

import dev.jumbo.serve.wire.Refusal;
import java.time.Duration;

/**
 * Whether a request is taken: where there is a place for it, and where by the measured rate what comes before it leaves time. Whoever asks a
 * lot makes room for who asks little. Guarded by the scheduler's lock.
 */
final class Room {
    /**
     * Of the time that is left, how much an answer may take by the measured rate. If it were all of it, the queue of a server that is asked for
     * too much would end at the deadline, and whatever goes a little slower than measured would make everything late; and an answer has
     * to be written by threads that are busy with refusing others.
     */
    private static final double SHARE = 0.5;

    private final Lanes lanes;
    private final Crew crew;
    private final int threads;
    private final int maxJobs;
    private final int maxRows;

    /**
     * @param threads that compute
     * @param maxJobs requests that may wait beside those being computed
     * @param maxRows rows that may wait
     */
    Room(Lanes lanes, Crew crew, int threads, int maxJobs, int maxRows) {
        this.lanes = lanes;
        this.crew = crew;
        this.threads = threads;
        this.maxJobs = maxJobs;
        this.maxRows = maxRows;
    }

    /**
     * A place for a request, which another one may have to leave.
     *
     * @param idle threads that wait for work
     * @throws Refusal UNAVAILABLE as {@link #require}
     */
    void make(Lane lane, Terms terms, int rows, int idle, long now) {
        require(lane, terms, rows, idle, now);
        if (isFull(lane, idle)) {
            Job.Part out = lane.queue.ofTheGreediest(terms.priority());
            if (out != null) {
                lanes.remove(lane, part -> part.job() == out.job(), full(lane, terms, idle));
            }
        }
    }

    /** @throws Refusal UNAVAILABLE if there is no place, or no time */
    void require(Lane lane, Terms terms, int rows, int idle, long now) {
        lane.requireMoving();
        long waitingRows = lanes.rows();
        boolean full = isFull(lane, idle) || waitingRows > 0 && waitingRows + rows > maxRows;
        if (full && !mayPutOut(lane, terms)) {
            throw full(lane, terms, idle);
        }
        if (lanes.jobs() == 0) {
            return; // whatever the rate was: only what is computed says what it is now
        }
        double wait = ahead(lane, terms, rows, idle, now) + lane.nanos(rows);
        if (wait > SHARE * (terms.deadline() - now)) {
            throw new Refusal(
                    Refusal.Reason.UNAVAILABLE,
                    "the server is full: an answer would take about " + (long) Math.ceil(wait / 1e6)
                            + " ms, which is too near the deadline or behind it; try again later",
                    Duration.ofNanos((long) wait),
                    lane.fullness.at(now));
        }
    }

    /** Whether there is no place in the queue of all, or of the model. */
    private boolean isFull(Lane lane, int idle) {
        return lanes.jobs() >= maxJobs + idle
                || lane.maxQueue != Lane.ANY && lanes.jobs(lane.model.name()) >= lane.maxQueue + idle;
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

    private Refusal full(Lane lane, Terms terms, int idle) {
        long now = System.nanoTime();
        double wait = ahead(lane, terms, 1, idle, now);
        return new Refusal(
                Refusal.Reason.UNAVAILABLE,
                "the server is full; try again later",
                Duration.ofNanos((long) wait),
                lane.fullness.at(now));
    }

    /** Nanoseconds until the device has computed what comes before a request. */
    private double ahead(Lane lane, Terms terms, int rows, int idle, long now) {
        double[] ahead = {0};
        lanes.each(each -> {
            long waiting = each.queue.sizeUpTo(terms.priority());
            if (each == lane && waiting > 0 && each.queue.callers() > 1) {
                // The callers take turns: a greedy one's rows are not all before another's first.
                waiting = Math.min(waiting, (each.queue.sizeOf(terms.caller()) + rows) * each.queue.callers());
            }
            ahead[0] += each.nanos(waiting);
        });
        double running = idle == 0 ? Math.max(0, lane.nanos(lane.most()) - (now - crew.since(now))) : 0;
        return (ahead[0] + running) / threads;
    }
}
