package dev.jumbo.cli;

import dev.jumbo.train.Trainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * What a training does when its process is told to end: by SIGTERM, as launchers and schedulers do, or SIGINT, as Ctrl-C does.
 * It finishes its step, saves where it stands and says how to go on; the JVM then ends with the signal's own status, 143 or
 * 130. A process that another worker has told ends with 143 too, and so does one whose step takes longer than its grace.
 */
final class Stopping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Stopping.class);

    /** Open once the command has said all that it has to say. */
    private static final CountDownLatch SAID = new CountDownLatch(1);

    private final Thread hook;

    /** @param late is done when the grace is over and the command has not said its last */
    private Stopping(Runnable told, Duration grace, Runnable late) {
        hook = new Thread(
                () -> {
                    told.run();
                    if (!await(grace)) {
                        late.run();
                    }
                },
                "jumbo-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Until it is closed, an end of the process stops a training. @param err says so at once */
    static Stopping of(Trainer trainer, Duration grace, PrintWriter err) {
        return new Stopping(
                () -> {
                    err.println("told to stop: finishing the step and saving a checkpoint ...");
                    err.flush();
                    trainer.stop("the process was told to end");
                },
                grace,
                () -> {
                    err.println("ended within a step, which took longer than the grace of " + grace.toSeconds()
                            + " s (train.checkpoints.grace_seconds): what was saved stands; go on with --resume");
                    err.flush();
                    end();
                });
    }

    /** Until it is closed, an end of the process waits for what the command has to say about its workers. */
    static Stopping ofLauncher(Duration grace) {
        return new Stopping(() -> {}, grace, () -> {});
    }

    /** The command has ended; nothing more is written. */
    static void said() {
        SAID.countDown();
    }

    /** @return whether the command has said all that it has to say */
    private static boolean await(Duration grace) {
        try {
            return SAID.await(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Ends the process by the signal itself, status 143. {@link System#exit} and {@link Runtime#halt} would take libtorch's memory away
     * from the thread that still computes, which then ends in a fault of memory and a report of a crash.
     */
    private static void end() {
        Signal.handle(new Signal("TERM"), SignalHandler.SIG_DFL);
        try {
            // The JVM raises no signal that it does not handle.
            new ProcessBuilder(
                            "sh", "-c", "kill -TERM " + ProcessHandle.current().pid())
                    .start()
                    .waitFor();
        } catch (IOException e) {
            LOG.debug("no shell to end the process by; it ends by itself", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook waits for what is said.
            return;
        }
    }
}
