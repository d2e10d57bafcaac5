package dev.jumbo.serve.schedule;

import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.repository.settings.BatchingSettings;
import dev.jumbo.serve.wire.Refusal;
import dev.jumbo.train.Predictor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What waits for a device, in a lane for each loaded version, and what of it is next. Guarded by the scheduler's lock. */
final class Lanes {
    private final SchedulingConfig config;
    private final long ageingNanos;
    private final Map<Predictor, Lane> lanes = new IdentityHashMap<>();
    private final AtomicLong ended = new AtomicLong();
    private int jobs;
    private long turn;

    /** What to tell those who are put out, once the lock is free: what they do then is their business. */
    private final List<Runnable> telling = new ArrayList<>();

    Lanes(SchedulingConfig config) {
        this.config = config;
        ageingNanos = (long) (config.ageingMs() * 1e6);
    }

    /** The lane of a version, which begins if there is none. @param batching what holds for its model from now on */
    Lane of(ServedModel model, BatchingSettings batching, long now) {
        Lane lane = lanes.computeIfAbsent(
                model.predictor(), key -> new Lane(model, Joining.isSafe(key), ageingNanos, ended));
        lane.asked = now;
        lane.configure(config, batching);
        return lane;
    }

    void each(Consumer<Lane> task) {
        lanes.values().forEach(task);
    }

    /** Requests that wait. */
    int jobs() {
        return jobs;
    }

    /** Requests to one model that wait, to whichever version. */
    int jobs(String model) {
        int sum = 0;
        for (Lane lane : lanes.values()) {
            sum += lane.model.name().equals(model) ? lane.jobs : 0;
        }
        return sum;
    }

    /** Rows that wait. */
    long rows() {
        long rows = 0;
        for (Lane lane : lanes.values()) {
            rows += lane.queue.size();
        }
        return rows;
    }

    void add(Lane lane, Job job, int rows, long now) {
        int most = lane.most();
        for (int from = 0; from < rows; from += most) {
            lane.queue.add(job.part(from, Math.min(most, rows - from), now));
            job.waiting++;
        }
        jobs++;
        lane.jobs++;
        if (lane.queue.count() == job.waiting) {
            lane.used = Math.max(lane.used, turn); // it has not saved up turns while nothing was asked
        }
    }

    // ---- who goes next ----------------------------------------------------------------------------------------------

    @Nullable
    Lane mostUrgent(long now) {
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
        if (step != 0 && waited < Math.abs(step) * ageingNanos) {
            return step > 0;
        }
        return one.used - other.used < 0;
    }

    /** Takes what is computed together now; null if all that waited is late. */
    @Nullable
    Batch gather(Lane lane, long now) {
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
            long done = now + (long) lane.nanos(rows + next.size());
            boolean late = !over && !last && done - next.terms().deadline() > 0;
            if (!over && !late && !parts.isEmpty() && (!lane.joins || rows + next.size() > most)) {
                break;
            }
            lane.queue.poll(now);
            taken(lane, next);
            if (over || late) {
                telling.add(
                        () -> next.job().fail(late ? Terms.late() : next.terms().over(now)));
            } else {
                parts.add(next);
                rows += next.size();
            }
        }
        return parts.isEmpty() ? null : new Batch(lane, parts);
    }

    // ---- who goes out -----------------------------------------------------------------------------------------------

    /** Puts out what is late, or waited for by nobody. */
    void removeOver(Lane lane, long now) {
        remove(lane, part -> part.isOver(now), part -> part.terms().over(now));
    }

    /** Puts out all that a rule says. */
    void remove(Lane lane, Predicate<Job.Part> rule, Refusal why) {
        remove(lane, rule, part -> why);
    }

    private void remove(Lane lane, Predicate<Job.Part> rule, Function<Job.Part, RuntimeException> why) {
        for (Job.Part part : lane.queue.removeIf(rule)) {
            taken(lane, part);
            telling.add(() -> part.job().fail(why.apply(part)));
        }
    }

    /** Whoever was refused for want of room may find it now. */
    void ended() {
        ended.incrementAndGet();
    }

    private void taken(Lane lane, Job.Part part) {
        ended();
        if (--part.job().waiting == 0) {
            jobs--;
            lane.jobs--;
        }
    }

    /** Drops lanes that nobody has asked since. */
    void forget(long before) {
        lanes.values().removeIf(lane -> lane.queue.isEmpty() && lane.asked - before < 0);
    }

    /** Moves what is to be told to a list. */
    void takeTold(List<Runnable> to) {
        to.addAll(telling);
        telling.clear();
    }
}
