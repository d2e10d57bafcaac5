package dev.jumbo.dist.launch;

import dev.jumbo.dist.Rendezvous;
import dev.jumbo.error.FailureException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker's line to the launcher that forked it: the other side of {@link WorkerProcess}. */
public final class LauncherLink implements Rendezvous {
    /** Set to 1 in the environment of a worker that a launcher of Jumbo forked. */
    public static final String GANG = "JUMBO_GANG";

    private static final Logger LOG = LoggerFactory.getLogger(LauncherLink.class);

    private final CompletableFuture<String> rendezvous = new CompletableFuture<>();
    private final PrintStream out;

    private LauncherLink(PrintStream out) {
        this.out = out;
    }

    /** Whether a launcher of Jumbo forked this process. */
    public static boolean isForked(Map<String, String> environment) {
        return "1".equals(environment.get(GANG));
    }

    /**
     * Listens to the launcher.
     *
     * @param in standard input
     * @param out standard output
     * @param onEnd run when the launcher is gone, which the input's end tells: the process should halt
     */
    public static LauncherLink open(InputStream in, PrintStream out, Runnable onEnd) {
        LauncherLink link = new LauncherLink(out);
        Thread thread = new Thread(() -> link.listen(in, onEnd), "jumbo-launcher-link");
        thread.setDaemon(true);
        thread.start();
        return link;
    }

    private void listen(InputStream in, Runnable onEnd) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rendezvous.complete(line.strip());
            }
        } catch (IOException e) {
            LOG.debug("standard input broke", e);
        }
        onEnd.run();
    }

    /** Of rank 0: tells the launcher where it listens. @param address {@code HOST:PORT} */
    @Override
    public void announce(String address) {
        out.println(WorkerProcess.RENDEZVOUS + address);
        out.flush();
    }

    /**
     * Of the other ranks: waits for what rank 0 announced. No time-out is needed: a launcher whose rank 0 does not start
     * ends this process too.
     *
     * @return {@code HOST:PORT}
     */
    @Override
    public String await() {
        try {
            return rendezvous.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException("interrupted while waiting for rank 0", e);
        }
    }
}
