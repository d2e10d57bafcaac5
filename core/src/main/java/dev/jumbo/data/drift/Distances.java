package dev.jumbo.data.drift;

import java.util.Arrays;

/** Distances of two samples and how likely chance makes them. */
final class Distances {
    /** A share of 0 counts as this much, or the index would be infinite. */
    private static final double LEAST_SHARE = 1e-4;

    private static final double PRECISION = 1e-15;
    private static final int MOST_TERMS = 10_000;

    private Distances() {}

    /** Population stability index: the sum of (b - a) ln(b / a) over the shares of bins. */
    static double psi(double[] countsA, double[] countsB) {
        double a = Arrays.stream(countsA).sum();
        double b = Arrays.stream(countsB).sum();
        double psi = 0;
        for (int i = 0; i < countsA.length; i++) {
            double shareA = Math.max(countsA[i] / a, LEAST_SHARE);
            double shareB = Math.max(countsB[i] / b, LEAST_SHARE);
            psi += (shareB - shareA) * Math.log(shareB / shareA);
        }
        return psi;
    }

    /** Jensen-Shannon distance, the root of the divergence in bits: 0 to 1. */
    static double jensenShannon(double[] countsA, double[] countsB) {
        double a = Arrays.stream(countsA).sum();
        double b = Arrays.stream(countsB).sum();
        double sum = 0;
        for (int i = 0; i < countsA.length; i++) {
            double p = countsA[i] / a;
            double q = countsB[i] / b;
            double middle = (p + q) / 2;
            sum += bits(p, middle) + bits(q, middle);
        }
        return Math.sqrt(Math.max(0, sum / 2));
    }

    private static double bits(double share, double middle) {
        return share == 0 ? 0 : share * Math.log(share / middle) / Math.log(2);
    }

    /** The greatest difference of the distribution functions. @param a sorted @param b sorted */
    static double ks(double[] a, double[] b) {
        int i = 0;
        int j = 0;
        double most = 0;
        while (i < a.length && j < b.length) {
            double at = Math.min(a[i], b[j]);
            while (i < a.length && a[i] == at) {
                i++;
            }
            while (j < b.length && b[j] == at) {
                j++;
            }
            most = Math.max(most, Math.abs((double) i / a.length - (double) j / b.length));
        }
        return most;
    }

    /** How likely a distance as great is by chance, in the limit of large samples (Kolmogorov, 1933). */
    static double ksPValue(double distance, long a, long b) {
        double x = distance * Math.sqrt((double) a * b / (a + b));
        if (x < 0.2) {
            return 1; // To sixteen digits.
        }
        double sum = 0;
        for (int k = 1; k <= 100; k++) {
            sum += (k % 2 == 1 ? 2 : -2) * Math.exp(-2.0 * k * k * x * x);
        }
        return Math.min(1, Math.max(0, sum));
    }

    /** Pearson's statistic of a table of two rows, without continuity correction; bins that are empty in both are left out. */
    static double chiSquared(double[] countsA, double[] countsB) {
        double a = Arrays.stream(countsA).sum();
        double b = Arrays.stream(countsB).sum();
        double sum = 0;
        for (int i = 0; i < countsA.length; i++) {
            double column = countsA[i] + countsB[i];
            if (column > 0) {
                double expectedA = column * a / (a + b);
                double expectedB = column * b / (a + b);
                sum += (countsA[i] - expectedA) * (countsA[i] - expectedA) / expectedA
                        + (countsB[i] - expectedB) * (countsB[i] - expectedB) / expectedB;
            }
        }
        return sum;
    }

    /** How likely a statistic as great is by chance. @param freedom degrees of freedom; 0: 1 */
    static double chiSquaredPValue(double statistic, int freedom) {
        return freedom < 1 || statistic <= 0 ? 1 : upperGamma(freedom / 2.0, statistic / 2);
    }

    /** Regularised upper incomplete gamma function: by its series below a + 1, by its continued fraction above. */
    private static double upperGamma(double a, double x) {
        double front = Math.exp(a * Math.log(x) - x - logGamma(a));
        if (x < a + 1) {
            double term = 1 / a;
            double sum = term;
            for (int n = 1; n < MOST_TERMS && term > sum * PRECISION; n++) {
                term *= x / (a + n);
                sum += term;
            }
            return Math.max(0, 1 - front * sum);
        }
        double b = x + 1 - a;
        double c = 1 / Double.MIN_NORMAL;
        double d = 1 / b;
        double fraction = d;
        for (int i = 1; i < MOST_TERMS; i++) {
            double an = -i * (i - a);
            b += 2;
            d = nonZero(an * d + b);
            c = nonZero(b + an / c);
            d = 1 / d;
            double step = d * c;
            fraction *= step;
            if (Math.abs(step - 1) < PRECISION) {
                break;
            }
        }
        return front * fraction;
    }

    private static double nonZero(double value) {
        return Math.abs(value) < Double.MIN_NORMAL ? Double.MIN_NORMAL : value;
    }

    /** Stirling's series, after the argument was raised above 15. */
    private static double logGamma(double x) {
        double shift = 0;
        double at = x;
        while (at < 15) {
            shift += Math.log(at);
            at++;
        }
        double square = 1 / (at * at);
        double series = (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680)))) / at;
        return (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + series - shift;
    }
}
