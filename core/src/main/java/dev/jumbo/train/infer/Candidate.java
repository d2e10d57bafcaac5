package dev.jumbo.train.infer;

import dev.jumbo.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** An engine that may answer, with what it takes. */
final class Candidate {
    /** Rows of a call. */
    private static final int[] SIZES = {1, 8, 32};

    private static final int ROUNDS = 3;

    /** Of one round of one size: a call at least. */
    private static final long NANOSECONDS = 5_000_000;

    /** What a row may take for the larger sizes to be measured. */
    private static final double EXPENSIVE_MICROSECONDS = 3000;

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

    /** Measures candidates in turns, so that whatever else the machine does meets all of them; the best round counts. */
    static void measure(List<Candidate> all) {
        int sizes = SIZES.length;
        for (int round = -1; round < ROUNDS; round++) {
            for (int s = 0; s < sizes; s++) {
                for (Candidate candidate : all) {
                    double taken = candidate.round(SIZES[s]);
                    if (round < 0 && taken > EXPENSIVE_MICROSECONDS) {
                        sizes = s + 1;
                    }
                    double before = candidate.microseconds[s];
                    candidate.microseconds[s] = before == 0 || round <= 0 ? taken : Math.min(before, taken);
                }
            }
        }
        for (Candidate candidate : all) {
            Arrays.fill(candidate.microseconds, sizes, SIZES.length, 0);
        }
    }

    /** The best of some calls, in microseconds. */
    private double round(int rows) {
        int[] steps = made.lengths().get(made.lengths().size() / 2);
        List<Object> inputs = made.rows(rows, steps, 5);
        steady.safeSizes(steps); // looked for now, not in the first call
        long end = now() + NANOSECONDS;
        double best = Double.MAX_VALUE;
        for (int calls = 0; calls < 2 || now() < end; calls++) {
            long start = now();
            steady.run(inputs, rows);
            best = Math.min(best, (now() - start) / 1e3);
        }
        return best;
    }

    /** Where an operation has this thread alone, its own time does not depend on who else is busy. */
    private static long now() {
        return Torch.threads() == 1 ? Busy.nanoseconds() : System.nanoTime();
    }

    /** The mean of the logarithms: a factor counts alike at each size. */
    double cost() {
        double sum = 0;
        for (double each : microseconds) {
            sum += each == 0 ? 0 : Math.log(each);
        }
        return sum;
    }

    String said() {
        StringBuilder taken = new StringBuilder();
        StringBuilder rows = new StringBuilder();
        for (int s = 0; s < SIZES.length && microseconds[s] > 0; s++) {
            taken.append(s == 0 ? "" : " / ").append(String.format(Locale.ROOT, "%.0f", microseconds[s]));
            rows.append(s == 0 ? "" : " / ").append(SIZES[s]);
        }
        return steady.name() + " " + taken + " us for " + rows + (rows.length() == 1 ? " row" : " rows");
    }
}
