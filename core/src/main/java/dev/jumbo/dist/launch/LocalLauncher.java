package dev.jumbo.dist.launch;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs all workers of a training on this machine: starts them, and when one is lost, ends the others and starts all again
 * from the last checkpoint, as {@code max_restarts} and {@code min_workers} say. However this process ends, no worker
 * stays: their standard input ends with it.
 */
public final class LocalLauncher {
    private final Workers workers;
    private final Supplier<Optional<String>> checkpoint;
    private final Consumer<String> news;

    private @Nullable Gang running;
    private boolean stopped;

    /**
     * What workers are started with.
     *
     * @param command of each
     * @param environment over this process's own, besides the place of each rank
     * @param address under which all workers reach rank 0
     * @param output takes the lines of each
     */
    public record Workers(Command command, Map<String, String> environment, String address, Outputs output) {
        /** The program of a rank and its arguments, which resume from the newest checkpoint. */
        public interface Command {
            List<String> of(int rank, int size);
        }

        /** Who takes the lines of a rank. */
        public interface Outputs {
            WorkerProcess.Output of(int rank);
        }
    }

    /**
     * @param checkpoint names the newest checkpoint
     * @param news takes a line when workers are lost and start again
     */
    public LocalLauncher(Workers workers, Supplier<Optional<String>> checkpoint, Consumer<String> news) {
        this.workers = workers;
        this.checkpoint = checkpoint;
        this.news = news;
    }

    /** Threads of each of so many workers that share this machine's cores: at least one. */
    public static int threads(int workers) {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / workers);
    }

    /**
     * Trains to the end.
     *
     * @param size number of workers
     * @param minWorkers go on with fewer, down to this number, where two starts in a row wrote no checkpoint
     * @param maxRestarts how often all start again
     * @throws InputException if a worker says that the caller made a mistake
     * @throws FailureException if workers are lost more often than they may start again, naming the last
     */
    public void run(int size, int minWorkers, int maxRestarts) {
        RestartPolicy policy = new RestartPolicy(size, minWorkers, maxRestarts);
        Thread hook = new Thread(this::stop, "jumbo-stop-workers");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            for (boolean done = false; !done; ) {
                done = attempt(policy);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException("interrupted while workers were training", e);
        } finally {
            stop();
            removeHook(hook);
        }
    }

    /** @return whether the training is done */
    private boolean attempt(RestartPolicy policy) throws InterruptedException {
        Optional<String> before = checkpoint.get();
        int size = policy.workers();
        long start = System.nanoTime();
        Optional<Gang.Failure> failure;
        try (Gang gang = Gang.start(size, workers)) {
            use(gang);
            failure = gang.await();
        }
        if (failure.isEmpty()) {
            return true;
        }
        Gang.Failure lost = failure.get();
        if (lost.exit().isMistake()) {
            throw new InputException(lost.exit().lastError());
        }
        String what = lost.describe(host());
        boolean progressed = !checkpoint.get().equals(before);
        OptionalInt next = policy.next(progressed);
        if (next.isEmpty()) {
            throw new FailureException(what + "; gave up after " + policy.restarts()
                    + " restarts (train.distributed.max_restarts). The last checkpoint is whole: go on with --resume");
        }
        long seconds = Math.round((System.nanoTime() - start) / 1e9);
        news.accept(what + ", " + seconds + " s after the start; " + again(size, next.getAsInt()) + " from the last"
                + " checkpoint (restart " + policy.restarts() + ")");
        return false;
    }

    private static String again(int before, int now) {
        return now == before
                ? "all " + now + " workers start again"
                : "no checkpoint was written twice in a row, so only " + now + " of " + before + " workers start again";
    }

    private synchronized void use(Gang gang) {
        running = gang;
        if (stopped) {
            gang.close();
        }
    }

    private synchronized void stop() {
        stopped = true;
        if (running != null) {
            running.close();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook does its work.
            return;
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "this machine";
        }
    }
}
