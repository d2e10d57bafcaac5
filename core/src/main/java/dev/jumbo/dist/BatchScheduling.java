package dev.jumbo.dist;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Linux to schedule this process as one that computes (SCHED_BATCH): a thread of it that wakes up does not push a
 * running one off its processor.
 *
 * <p>Gloo needs that. Its network thread tries the lock of a connection and, where another thread holds it, polls again
 * without pause. A network thread that wakes up on the processor of the thread that holds the lock would push it away and
 * spin until the next tick of the scheduler, 4 ms: a quarter of all sums of 1 MB over loopback took that long instead of 0.5 ms
 * (docs/log.md). No privilege is needed. Where there is no {@code chrt} (util-linux, busybox), all works, slower.
 */
final class BatchScheduling {
    private static final Logger log = LoggerFactory.getLogger(BatchScheduling.class);
    private static final int SECONDS = 5;

    private BatchScheduling() {}

    /** Of all threads that there are; those to come inherit it. */
    static void ask() {
        if (!System.getProperty("os.name", "").startsWith("Linux")) {
            return;
        }
        String process = Long.toString(ProcessHandle.current().pid());
        try {
            Process chrt = new ProcessBuilder("chrt", "-a", "-b", "-p", "0", process)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!chrt.waitFor(SECONDS, TimeUnit.SECONDS)) {
                chrt.destroyForcibly();
                log.debug("chrt did not end: sums over the workers may take longer");
            } else if (chrt.exitValue() != 0) {
                log.debug("chrt ended with {}: sums over the workers may take longer", chrt.exitValue());
            }
        } catch (IOException e) {
            log.debug("no chrt here: sums over the workers may take longer ({})", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
