package dev.jumbo.dist.launch;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.StoppedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private final Duration grace;
    private @Nullable Gang running;
    private boolean stopped;
    /** Whether this process is told to end: workers may save then. */
    private volatile boolean told;

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
     * @param grace how long workers may take to save where they stand when this process is told to end
     */
    public LocalLauncher(
            Workers workers, Supplier<Optional<String>> checkpoint, Consumer<String> news, Duration grace) {
        this.grace = grace;
        this.workers = workers;
        this.checkpoint = checkpoint;
        this.news = news;
    }

    /** Threads of each of so many workers that share this machine's cores: at least one. */
    public static int threads(int workers) {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / Math.max(1, workers));
    }

    /**
     * Trains to the end.
     *
     * @param size number of workers
     * @param minWorkers go on with fewer, down to this number, where two starts in a row wrote no checkpoint
     * @param maxRestarts how often all start again
     * @throws InputException if there is to be no worker, or one says that the caller made a mistake
     * @throws FailureException if workers are lost more often than they may start again, naming the last
     */
    public void run(int size, int minWorkers, int maxRestarts) {
        if (size < 1 || minWorkers > size) {
            throw new InputException("expected 1 or more workers, and no more at least than in all, received " + size
                    + " and at least " + minWorkers);
        }
        Thread hook = new Thread(this::end, "jumbo-stop-workers");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            new Restarts(size, minWorkers, maxRestarts, checkpoint, news).run(this::attempt);
        } finally {
            stop();
            removeHook(hook);
        }
    }

    private Optional<Exits.Failure> attempt(int size) throws InterruptedException {
        try (Gang gang = Gang.start(size, workers)) {
            use(gang);
            Optional<Exits.Failure> failure = gang.await();
            if (told) {
                gang.awaitAll(grace);
                throw new StoppedException(
                        failure.map(Exits.Failure::exit)
                                .filter(WorkerExit::isStopped)
                                .map(WorkerExit::lastError)
                                .filter(said -> !said.isEmpty())
                                .orElse(
                                        "told to end before all workers had saved; go on from the last checkpoint with --resume"));
            }
            return failure;
        }
    }

    private synchronized void use(Gang gang) {
        running = gang;
        if (stopped) {
            gang.close();
        }
    }

    /** In the hook of the ending process. */
    private void end() {
        told = true;
        Gang gang;
        synchronized (this) {
            gang = running;
        }
        if (gang != null) {
            gang.tellToEnd(grace);
        }
        stop();
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
}
