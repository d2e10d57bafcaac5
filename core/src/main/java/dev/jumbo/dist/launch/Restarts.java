package dev.jumbo.dist.launch;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Starts workers, and starts all of them again when one is lost, as {@link RestartPolicy} says. */
public final class Restarts {
    private final RestartPolicy policy;
    private final Supplier<Optional<String>> checkpoint;
    private final Consumer<String> news;

    /** One start of all workers. */
    @FunctionalInterface
    public interface Attempt {
        /** Starts so many workers and waits; when it returns, none is left. @return empty if the training is done */
        Optional<Exits.Failure> run(int workers) throws InterruptedException;
    }

    /**
     * @param workers how many start
     * @param minWorkers go on with fewer, down to this number, where two starts in a row wrote no checkpoint
     * @param maxRestarts how often all start again
     * @param checkpoint names the newest checkpoint, in any way: what it says changes when there is a newer one
     * @param news takes a line when workers are lost and start again
     */
    public Restarts(
            int workers,
            int minWorkers,
            int maxRestarts,
            Supplier<Optional<String>> checkpoint,
            Consumer<String> news) {
        this.policy = new RestartPolicy(workers, minWorkers, maxRestarts);
        this.checkpoint = checkpoint;
        this.news = news;
    }

    /**
     * Trains to the end.
     *
     * @throws InputException if a worker says that the caller made a mistake
     * @throws dev.jumbo.error.StoppedException if this process was told to end
     * @throws FailureException if workers are lost more often than they may start again, naming the last
     */
    public void run(Attempt attempt) {
        try {
            while (!isDone(attempt)) {
                // The policy has said that all start again.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException("interrupted while workers were training", e);
        }
    }

    private boolean isDone(Attempt attempt) throws InterruptedException {
        Optional<String> before = checkpoint.get();
        int size = policy.workers();
        long start = System.nanoTime();
        Optional<Exits.Failure> failure = attempt.run(size);
        if (failure.isEmpty()) {
            return true;
        }
        Exits.Failure lost = failure.get();
        if (lost.exit().isMistake()) {
            throw new InputException(lost.exit().lastError());
        }
        String what = lost.describe();
        boolean progressed = !checkpoint.get().equals(before);
        if (lost.exit().isStopped() && progressed) {
            news.accept(what + "; all " + policy.again()
                    + " workers start again from that checkpoint, which counts as no restart");
            return false;
        }
        OptionalInt next = policy.next(progressed);
        if (next.isEmpty()) {
            throw new FailureException(what + "; gave up after " + policy.restarts()
                    + " restarts (train.distributed.max_restarts). "
                    + (checkpoint.get().isEmpty()
                            ? "No checkpoint has been written"
                            : "The last checkpoint is whole: go on with --resume"));
        }
        long seconds = Math.round((System.nanoTime() - start) / 1e9);
        news.accept(what + ", " + seconds + " s after the start; " + again(size, next.getAsInt())
                + (checkpoint.get().isEmpty() ? " from the beginning" : " from the last checkpoint") + " (restart "
                + policy.restarts() + ")");
        return false;
    }

    private static String again(int before, int now) {
        return now == before
                ? "all " + now + " workers start again"
                : "no checkpoint was written twice in a row, so only " + now + " of " + before + " workers start again";
    }
}
