package dev.jumbo.serve.schedule;

import dev.jumbo.serve.model.InputRows;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.train.answer.RowOutputs;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** The rows of a request on their way through the network: in parts, each computed with others' or alone, gathered again here. */
final class Job {
    private final ServedModel.Request request;
    private final Terms terms;
    private final CompletableFuture<RowOutputs> answer = new CompletableFuture<>();
    /** By the first row of each. */
    private final SortedMap<Integer, RowOutputs> outputs = new TreeMap<>();

    private int missing;
    private ComputeTimes times = ComputeTimes.NONE;
    private final long since = System.nanoTime();

    /** Parts that are being computed, since when any is, and how long any was before. */
    private int running;

    private long runningSince;
    private long computing;

    /** Parts that wait; guarded by the scheduler's lock. */
    int waiting;

    Job(ServedModel.Request request, Terms terms) {
        this.request = request;
        this.terms = terms;
        missing = request.rows();
    }

    /** The outputs of all rows; fails with the first part that does. */
    CompletableFuture<RowOutputs> answer() {
        return answer;
    }

    void fail(Throwable cause) {
        answer.completeExceptionally(cause);
    }

    /** A part is going to be computed. @param now as of {@link System#nanoTime} */
    void begun(long now) {
        synchronized (outputs) {
            if (running++ == 0) {
                runningSince = now;
            }
        }
    }

    /** A part has been computed, or could not be. */
    void ended() {
        synchronized (outputs) {
            if (--running == 0) {
                computing += System.nanoTime() - runningSince;
            }
        }
    }

    /** Takes the outputs of some rows. @param took of the batch that they were in */
    void computed(Part part, RowOutputs values, ComputeTimes took) {
        synchronized (outputs) {
            ended();
            times = times.plus(took);
            outputs.put(part.from, values);
            missing -= part.size;
            if (missing > 0) {
                return;
            }
        }
        if (!answer.isDone()) {
            // While none of its parts was computed it waited, however many threads computed them at once.
            terms.times().spent(Math.max(0, System.nanoTime() - since - computing), times);
        }
        answer.complete(outputs.size() == 1 ? values : RowOutputs.join(List.copyOf(outputs.values())));
    }

    /** Some of the rows, as a part to be computed in one go. @param since when it began to wait */
    Part part(int from, int size, long since) {
        return new Part(this, from, size, since);
    }

    /** Rows that are computed in one go. */
    record Part(Job job, int from, int size, long since) implements FairQueue.Waiting {
        @Override
        public Terms terms() {
            return job.terms;
        }

        List<?> inputs() {
            return InputRows.slice(job.request.inputs(), job.request.rows(), from, size);
        }

        /** Whether nobody waits for it any more. */
        boolean isOver(long now) {
            return job.answer.isDone() || job.terms.isOver(now);
        }
    }
}
