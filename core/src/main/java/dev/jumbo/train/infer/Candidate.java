package dev.jumbo.train.infer;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** An engine that may answer, with what it takes. */
final class Candidate {
    /** Rows of a call. */
    private static final int[] SIZES = {1, 8, 32};

    private static final int ROUNDS = 5;

    /** Of one round of one size: a call at least. */
    private static final long NANOSECONDS = 12_000_000;

    private final String provider;
    private final SteadyEngine steady;
    private final SeededInputs made;
    private final double[] microseconds = new double[SIZES.length];

    Candidate(String provider, SteadyEngine steady, SeededInputs made) {
        this.provider = provider;
        this.steady = steady;
        this.made = made;
    }

    static Candidate of(String provider, Engine engine, KnownNetworks.Known known, SeededInputs made) {
        return new Candidate(provider, new SteadyEngine(engine, made.fields(), known.safeSizes(engine, made)), made);
    }

    String provider() {
        return provider;
    }

    SteadyEngine steady() {
        return steady;
    }

    /** Measures candidates in turns, so that whatever else the machine does meets all of them. */
    static void measure(List<Candidate> all) {
        double[][][] rounds = new double[all.size()][SIZES.length][ROUNDS];
        for (int round = -1; round < ROUNDS; round++) {
            for (int c = 0; c < all.size(); c++) {
                for (int s = 0; s < SIZES.length; s++) {
                    double taken = all.get(c).round(SIZES[s]);
                    if (round >= 0) {
                        rounds[c][s][round] = taken;
                    }
                }
            }
        }
        for (int c = 0; c < all.size(); c++) {
            for (int s = 0; s < SIZES.length; s++) {
                Arrays.sort(rounds[c][s]);
                all.get(c).microseconds[s] = rounds[c][s][ROUNDS / 2];
            }
        }
    }

    private double round(int rows) {
        int[] steps = made.lengths().get(made.lengths().size() / 2);
        List<Object> inputs = made.rows(rows, steps, 5);
        long start = System.nanoTime();
        long now = start;
        int calls = 0;
        while (calls == 0 || now - start < NANOSECONDS) {
            steady.run(inputs, rows);
            calls++;
            now = System.nanoTime();
        }
        return (now - start) / 1e3 / calls;
    }

    /** The mean of the logarithms: a factor counts alike at each size. */
    double cost() {
        double sum = 0;
        for (double each : microseconds) {
            sum += Math.log(each);
        }
        return sum;
    }

    String said() {
        if (microseconds[0] == 0) {
            return steady.name();
        }
        StringBuilder said = new StringBuilder(steady.name());
        for (int s = 0; s < SIZES.length; s++) {
            said.append(String.format(Locale.ROOT, s == 0 ? " %.0f" : " / %.0f", microseconds[s]));
        }
        return said + " us for 1 / 8 / 32 rows";
    }
}
