package dev.jumbo.serve.access;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A bucket of tokens that fills evenly. What is taken may exceed what is there as long as it is not empty: the rest is debt. */
final class Bucket {
    private final double perNano;
    private final double most;
    private double level;
    private long filled;

    /** A full one; {@code now} is as of {@link System#nanoTime}, here and below. */
    Bucket(double perSecond, double most, long now) {
        perNano = perSecond / TimeUnit.SECONDS.toNanos(1);
        this.most = most;
        level = most;
        filled = now;
    }

    /**
     * Takes if what is wanted, or a full bucket if more is wanted than one holds, is there.
     *
     * @return how long until it is worth asking again; zero if it was taken
     */
    synchronized Duration take(double wanted, long now) {
        Duration wait = until(wanted, now);
        if (wait.isZero()) {
            level -= wanted;
        }
        return wait;
    }

    /** How long until that much is there; zero if it is. */
    synchronized Duration until(double wanted, long now) {
        level = Math.min(most, level + Math.max(0, now - filled) * perNano);
        filled = now;
        double missing = Math.min(wanted, most) - level;
        // A hair less than whole must not be refused for rounding.
        return missing <= 1e-9 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(missing / perNano));
    }
}
