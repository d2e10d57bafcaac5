package dev.jumbo.dist.launch;

import dev.jumbo.error.FailureException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker as a child process, from the launcher's side of the protocol that the package describes. Closing it ends the
 * worker with all its descendants.
 */
public final class WorkerProcess implements AutoCloseable {
    /** What a worker's lines begin with that are for the launcher alone. */
    static final String PROTOCOL = "@jumbo ";

    static final String RENDEZVOUS = PROTOCOL + "rendezvous ";

    /** What a failing {@code jumbo} command's line begins with. */
    public static final String ERROR = "jumbo: ";

    /** What Gloo says on standard output, where results belong. */
    private static final String GLOO = "[Gloo] ";

    /** How long a worker has to end by itself when it is told to. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** A grandchild may hold the pipes open after the worker's end. */
    private static final Duration LAST_LINES = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);

    /** Takes a worker's lines, on a thread for each stream. */
    public interface Output {
        /** A line of standard output. */
        void out(String line);

        /** A line of standard error. */
        void err(String line);
    }

    private final Process process;
    private final CompletableFuture<String> rendezvous = new CompletableFuture<>();
    private final CompletableFuture<WorkerExit> exit;
    private volatile String lastLine = "";
    private volatile @Nullable String lastError;

    private WorkerProcess(Process process, Output output) {
        this.process = process;
        Thread out = reader("out", process.getInputStream(), line -> takeOut(line, output));
        Thread err = reader("err", process.getErrorStream(), line -> takeErr(line, output));
        // Whatever goes wrong here is an end too: a launcher that never hears of one waits for ever.
        exit = process.onExit()
                .thenApplyAsync(ended -> {
                    join(out);
                    join(err);
                    String error = lastError;
                    return new WorkerExit(ended.exitValue(), error == null ? lastLine : error);
                })
                .exceptionally(e -> new WorkerExit(WorkerExit.LOST, "its launcher cannot tell how it ended: " + e))
                .thenApply(how -> {
                    rendezvous.completeExceptionally(
                            new FailureException("the worker ended before it could be reached: " + how.describe()));
                    return how;
                });
    }

    /**
     * Starts a worker.
     *
     * @param command the program and its arguments: the same {@code jumbo train FILE --out DIR --resume} for every rank
     * @param environment over this process's own: the rank's place; {@code JUMBO_GANG=1} is added
     * @param directory to work in; null for this process's own
     * @throws FailureException if the program cannot be started
     */
    public static WorkerProcess start(
            List<String> command, Map<String, String> environment, @Nullable Path directory, Output output) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.environment().put(LauncherLink.GANG, "1");
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        try {
            return new WorkerProcess(builder.start(), output);
        } catch (IOException e) {
            throw new FailureException("cannot start a worker: " + e.getMessage(), e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Of rank 0, {@code HOST:PORT} as soon as it listens there; exceptional if the worker ends before. */
    public CompletableFuture<String> rendezvous() {
        return rendezvous.copy();
    }

    /** Tells a rank other than 0 where rank 0 listens. @param address {@code HOST:PORT} */
    public void connectTo(String address) {
        try {
            process.getOutputStream().write((address + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            // It has ended, which onExit tells.
            LOG.debug("worker {} does not listen", pid(), e);
        }
    }

    /** How it ended, once it did and its last lines were read. */
    public CompletableFuture<WorkerExit> onExit() {
        return exit.copy();
    }

    /** SIGTERM, which a training answers by saving where it stands. */
    void tellToEnd() {
        process.toHandle()
                .destroy(); // Process.destroy also closes its input, whose end means that no launcher is left.
    }

    /**
     * Tells the worker and all its descendants to end (SIGTERM), and ends those that do not within a few seconds (SIGKILL),
     * as also a stopped one must be. Returns when none is left.
     */
    @Override
    public void close() {
        closeAll(List.of(this));
    }

    /** Ends several, all within the time that one has. */
    static void closeAll(List<WorkerProcess> workers) {
        List<ProcessHandle> all = families(workers);
        all.forEach(ProcessHandle::destroy);
        await(all);
        all.addAll(families(workers)); // Children that were born meanwhile.
        for (ProcessHandle each : all) {
            if (each.isAlive()) {
                each.destroyForcibly();
            }
        }
        await(all);
    }

    private static List<ProcessHandle> families(List<WorkerProcess> workers) {
        List<ProcessHandle> all = new ArrayList<>();
        workers.forEach(worker -> all.addAll(worker.family()));
        return all;
    }

    /** Until all have ended, or the grace is over. */
    private static void await(List<ProcessHandle> processes) {
        long end = System.nanoTime() + GRACE.toNanos();
        for (ProcessHandle each : processes) {
            await(each, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }

    /** The descendants first, which cannot be found once their parent has ended. */
    private List<ProcessHandle> family() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        return all;
    }

    private static void await(ProcessHandle handle, Duration limit) {
        try {
            handle.onExit()
                    .completeOnTimeout(handle, limit.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (IllegalStateException e) {
            LOG.debug("cannot wait for process {}", handle.pid(), e);
        }
    }

    private void takeOut(String line, Output output) {
        if (line.startsWith(RENDEZVOUS)) {
            rendezvous.complete(line.substring(RENDEZVOUS.length()).strip());
        } else if (!line.startsWith(PROTOCOL) && !line.startsWith(GLOO)) {
            output.out(line);
        }
    }

    private void takeErr(String line, Output output) {
        if (line.startsWith(ERROR)) {
            lastError = line.substring(ERROR.length());
        } else if (!line.isBlank()) {
            lastLine = line;
        }
        output.err(line);
    }

    private interface Sink {
        void take(String line);
    }

    private Thread reader(String name, InputStream stream, Sink sink) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader lines =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            take(line, sink);
                        }
                    } catch (IOException e) {
                        LOG.debug("the pipe of worker {} broke", pid(), e);
                    }
                },
                "jumbo-worker-" + process.pid() + "-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Goes on where who takes the lines fails: a worker whose full pipe nobody empties never ends. */
    private void take(String line, Sink sink) {
        try {
            sink.take(line);
        } catch (RuntimeException e) {
            LOG.debug("a line of worker {} was lost: {}", pid(), line, e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(LAST_LINES.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
