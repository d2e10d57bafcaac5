package dev.jumbo.serve.http;

import dev.jumbo.serve.limits.MemoryBudget;

/** A body of which more is to come. The bytes that have come are held in the budget of all. */
abstract class UnfinishedBody {
    final MemoryBudget.Hold hold;
    private volatile long since = System.nanoTime();
    private volatile long received;

    UnfinishedBody(MemoryBudget.Hold hold) {
        this.hold = hold;
    }

    /** Bytes a second, on average since it began. */
    final double rate(long now) {
        return received / Math.max(1e-3, (now - since) / 1e9);
    }

    final long received() {
        return received;
    }

    final long ageNanos(long now) {
        return now - since;
    }

    final void add(long bytes) {
        received += bytes;
    }

    /** What comes now is the first of another. */
    final void beginAnother() {
        since = System.nanoTime();
        received = 0;
        hold.shrinkTo(0);
    }

    /** Gives it up and its bytes back, from any thread. */
    abstract void fail(RuntimeException why);
}
