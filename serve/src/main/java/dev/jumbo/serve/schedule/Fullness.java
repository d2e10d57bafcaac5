package dev.jumbo.serve.schedule;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * When a version had no room for a request, and whether it still has none: as long as nothing of what waited or was computed has ended since.
 * It holds nothing of the version, so that whoever was refused may keep it. Any thread may ask.
 */
final class Fullness implements BooleanSupplier {
    /** Where batches are short, at least so long: of the refusals in this time one looks again, and the queue is longer. */
    private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Where batches are long: what is computed comes nearer to its end meanwhile. */
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final AtomicLong ended;
    private volatile Refused last;

    private record Refused(long ended, long at) {}

    /** @param ended goes up whenever something leaves the queue or the device */
    Fullness(AtomicLong ended) {
        this.ended = ended;
        last = new Refused(-1, System.nanoTime() - SHORT_NANOS);
    }

    Fullness at(long now) {
        last = new Refused(ended.get(), now);
        return this;
    }

    @Override
    public boolean getAsBoolean() {
        Refused refused = last;
        long age = System.nanoTime() - refused.at();
        return age < SHORT_NANOS || (age < LONG_NANOS && refused.ended() == ended.get());
    }
}
