package dev.jumbo.cli;

import dev.jumbo.train.Trainer;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a training does when its process is told to end: by SIGTERM, as launchers and schedulers do, or SIGINT, as Ctrl-C does.
 * It finishes its step, saves where it stands and says how to go on; the JVM then ends with the signal's own status, 143 or
 * 130. A process that another worker has told ends with 143 too.
 */
final class Stopping implements AutoCloseable {
    /** Open once the command has said all that it has to say. */
    private static final CountDownLatch SAID = new CountDownLatch(1);

    private final Thread hook;

    private Stopping(Runnable told, Duration grace) {
        hook = new Thread(
                () -> {
                    told.run();
                    await(grace);
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
                grace);
    }

    /** Until it is closed, an end of the process waits for what the command has to say about its workers. */
    static Stopping ofLauncher(Duration grace) {
        return new Stopping(() -> {}, grace);
    }

    /** The command has ended; nothing more is written. */
    static void said() {
        SAID.countDown();
    }

    private static void await(Duration grace) {
        try {
            SAID.await(grace.toMillis(), TimeUnit.MILLISECONDS);
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
