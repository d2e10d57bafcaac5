package dev.jumbo.data.augment;

import java.util.SplittableRandom;

/** Numbers of the distribution Beta(a, a), from 0 to 1, as G1 / (G1 + G2) of two numbers of Gamma(a). */
final class Beta {
    private Beta() {}

    static double draw(double a, SplittableRandom random) {
        // Both logarithms, because for a small a both numbers may be too small for a double.
        double one = logGamma(a, random);
        double two = logGamma(a, random);
        return 1 / (1 + Math.exp(two - one));
    }

    /**
     * The logarithm of a number of Gamma(a, 1), by G. Marsaglia, W. W. Tsang, <i>A simple method for generating gamma
     * variables</i>, 2000; for a below 1 as Gamma(a + 1) times U^(1/a).
     */
    private static double logGamma(double a, SplittableRandom random) {
        if (a < 1) {
            return logGamma(a + 1, random) + Math.log(1 - random.nextDouble()) / a;
        }
        double d = a - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = random.nextGaussian();
            double root = 1 + c * x;
            if (root > 0) {
                double v = root * root * root;
                if (Math.log(1 - random.nextDouble()) < x * x / 2 + d - d * v + d * Math.log(v)) {
                    return Math.log(d) + Math.log(v);
                }
            }
        }
    }
}
