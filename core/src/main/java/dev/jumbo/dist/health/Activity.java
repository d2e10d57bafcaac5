package dev.jumbo.dist.health;

/**
 * What a worker does.
 *
 * @param collective the newest
 * @param number how many there were before
 * @param waits whether the worker waits for it; otherwise it does work of its own
 * @param since when that began, of {@link System#nanoTime}
 */
record Activity(String collective, long number, boolean waits, long since) {
    static Activity start() {
        return new Activity("start", 0, false, System.nanoTime());
    }

    /** {@code all-reduce 132 for 3 s}, or {@code its own work after all-reduce 132 for 1 s}. */
    String describe() {
        long seconds = (System.nanoTime() - since) / 1_000_000_000L;
        return (waits ? "" : "its own work after ") + (number == 0 ? collective : collective + " " + number) + " for "
                + seconds + " s";
    }
}
