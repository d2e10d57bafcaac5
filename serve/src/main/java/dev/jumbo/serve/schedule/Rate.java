package dev.jumbo.serve.schedule;

/**
 * How long a batch takes, as it was measured: for each size, in steps of two, the nanoseconds of a row, smoothed. Guarded by its user's
 * lock.
 */
final class Rate {
    /** Weight of the newest measurement: steady within some ten batches. */
    private static final double NEWEST = 0.2;

    private static final double FASTER = 0.5;

    private static final int SIZES = 24;

    private final double[] nanosPerRow = new double[SIZES];

    private int batches;

    /** Whether enough was measured to build on it. */
    boolean isKnown() {
        return batches >= 4;
    }

    void measured(int rows, long nanos) {
        batches += batches < Integer.MAX_VALUE ? 1 : 0;
        int size = size(rows);
        double each = (double) nanos / rows;
        double before = nanosPerRow[size];
        // A faster one is believed sooner: the first ones are slow, and a pause of something else is not the rate.
        nanosPerRow[size] = before == 0
                ? each
                : before + (each < before ? FASTER : NEWEST) * (Math.min(each, 2 * before + 1000) - before);
    }

    /**
     * Nanoseconds for some rows that wait, computed in batches as full as they can be; 0 before anything was measured. A size that was
     * never seen is taken to cost as much a row as the largest that was.
     */
    double nanos(long rows, int mostTogether) {
        if (rows <= 0) {
            return 0;
        }
        return rows * perRow((int) Math.min(rows, mostTogether));
    }

    private double perRow(int together) {
        for (int size = size(together); size >= 0; size--) {
            if (nanosPerRow[size] > 0) {
                return nanosPerRow[size];
            }
        }
        for (double each : nanosPerRow) {
            if (each > 0) {
                return each;
            }
        }
        return 0;
    }

    private static int size(int rows) {
        return Math.min(SIZES - 1, Integer.SIZE - Integer.numberOfLeadingZeros(rows - 1));
    }
}
