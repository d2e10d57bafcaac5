package dev.jumbo.data.sets;

import java.util.stream.DoubleStream;

/**
 * Whose turn it is, of several with shares: the j-th draw of one with the share p comes at the time {@code (j + 1/2) / p}, those of
 * all in the order of their times (stride scheduling; Waldspurger and Weihl, 1995). Any place is known without the ones before it.
 */
final class Strides {
    private final double[] shares;
    private final long[] drawn;

    /** @param shares of the sum 1 @param place draws before the next one */
    Strides(double[] shares, long place) {
        this.shares = shares;
        drawn = new long[shares.length];
        double time = Math.max(0, place - shares.length);
        long sum = 0;
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = (long) Math.max(0, Math.ceil(shares[i] * time - 0.5));
            sum += drawn[i];
        }
        for (; sum < place; sum++) {
            draw();
        }
    }

    /** Of the sum 1. @param weights above 0; their sum may be beyond what a double holds */
    static double[] shares(double... weights) {
        double sum = DoubleStream.of(weights).sum();
        if (Double.isInfinite(sum)) {
            double largest = DoubleStream.of(weights).max().orElseThrow();
            return shares(
                    DoubleStream.of(weights).map(weight -> weight / largest).toArray());
        }
        return DoubleStream.of(weights).map(weight -> weight / sum).toArray();
    }

    /** How often it was one's turn. */
    long drawn(int of) {
        return drawn[of];
    }

    /** Whose turn is next; it is counted. */
    int draw() {
        int first = 0;
        for (int i = 1; i < drawn.length; i++) {
            if (time(i) < time(first)) {
                first = i;
            }
        }
        drawn[first]++;
        return first;
    }

    private double time(int of) {
        return (drawn[of] + 0.5) / shares[of];
    }
}
