package dev.jumbo.serve.repository.canary;

import java.util.concurrent.atomic.AtomicLongArray;

/** How long requests took, in steps of at most 1/8, from a microsecond on. Safe for several threads. */
final class Latencies {
    private static final int STEPS = 8;
    private static final int DOUBLINGS = 36;

    private final AtomicLongArray counts = new AtomicLongArray(STEPS * DOUBLINGS);

    void add(long nanos) {
        counts.incrementAndGet(index(Math.max(1, nanos / 1000)));
    }

    private static int index(long micros) {
        int doubling = 63 - Long.numberOfLeadingZeros(micros);
        long rest = micros - (1L << doubling);
        int step = (int) (rest * STEPS >>> doubling);
        return Math.min(STEPS * DOUBLINGS - 1, doubling * STEPS + step);
    }

    /** Seconds that so large a share of the requests took at most, up to a step; 0 without any. */
    double quantile(double share) {
        long all = 0;
        for (int i = 0; i < counts.length(); i++) {
            all += counts.get(i);
        }
        long seen = 0;
        for (int i = 0; i < counts.length(); i++) {
            seen += counts.get(i);
            if (seen > 0 && seen >= share * all) {
                return Math.pow(2, i / STEPS) * (1 + (i % STEPS + 1.0) / STEPS) / 1e6;
            }
        }
        return 0;
    }

    /** How many took longer than so many seconds, up to a step. */
    long above(double seconds) {
        int from = index(Math.max(1, Math.round(seconds * 1e6))) + 1;
        long above = 0;
        for (int i = from; i < counts.length(); i++) {
            above += counts.get(i);
        }
        return above;
    }
}
