package dev.jumbo.data.sound;

/**
 * Another sample rate by a windowed sinc (Smith, "Digital Audio Resampling Home Page", 2002), with the filter that {@code torchaudio.functional.resample} has
 * unless told otherwise: six zero crossings on each side under a Hann window, and what lies above 99 % of half the lower rate is left out.
 */
public final class Resampling {
    private static final double CROSSINGS = 6;
    private static final double ROLL_OFF = 0.99;

    /** Filters that are kept; with more phases they are made at each use. */
    private static final int MOST_KEPT = 2048;

    private final int from;
    private final int to;
    private final double base;
    private final int reach;
    private final double[][] kept;

    private Resampling(int from, int to) {
        int common = gcd(from, to);
        this.from = from / common;
        this.to = to / common;
        base = Math.min(this.from, this.to) * ROLL_OFF;
        reach = (int) Math.ceil(CROSSINGS * this.from / base);
        kept = new double[this.to <= MOST_KEPT ? this.to : 0][];
        for (int phase = 0; phase < kept.length; phase++) {
            kept[phase] = filter(phase);
        }
    }

    /** @param from samples a second of what is given @param to of what is made */
    public static Resampling of(int from, int to) {
        return new Resampling(from, to);
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** Samples that are made of some. */
    public long length(long samples) {
        return (samples * to + from - 1) / from;
    }

    /** The sound in the other rate. */
    public double[] apply(double[] x) {
        double[] y = new double[Math.toIntExact(length(x.length))];
        for (int m = 0; m < y.length; m++) {
            long at = (long) m * from;
            int phase = (int) (at % to);
            int middle = (int) (at / to);
            double[] filter = kept.length > 0 ? kept[phase] : filter(phase);
            double sum = 0;
            for (int j = 0; j < filter.length; j++) {
                int place = middle + j - reach;
                if (place >= 0 && place < x.length) {
                    sum += filter[j] * x[place];
                }
            }
            y[m] = sum;
        }
        return y;
    }

    /** Weights of the samples around one that lies {@code phase / to} samples behind the middle one. */
    private double[] filter(int phase) {
        double[] weights = new double[2 * reach + 2];
        for (int j = 0; j < weights.length; j++) {
            double t = ((j - reach) - (double) phase / to) / from * base;
            if (Math.abs(t) < CROSSINGS) {
                double window = Math.cos(t * Math.PI / CROSSINGS / 2);
                double sinc = t == 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
                weights[j] = sinc * window * window * base / from;
            }
        }
        return weights;
    }
}
