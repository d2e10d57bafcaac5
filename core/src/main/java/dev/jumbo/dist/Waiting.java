package dev.jumbo.dist;

import dev.jumbo.error.FailureException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Waiting for others with a limit, by asking again and again. */
final class Waiting {
    private static final long PAUSE_MILLIS = 5;

    private Waiting() {}

    /** Asks until nothing is missing or the time is over. @return what is still missing */
    static <T> List<T> until(Duration limit, Supplier<List<T>> missing) {
        long end = System.nanoTime() + limit.toNanos();
        List<T> rest = missing.get();
        while (!rest.isEmpty() && System.nanoTime() - end < 0) {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FailureException("interrupted while waiting for other workers", e);
            }
            rest = missing.get();
        }
        return rest;
    }
}
