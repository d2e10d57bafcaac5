package dev.jumbo.data.drift;

import dev.jumbo.error.InputException;

/**
 * From where on a difference is called drift. Distances count only where chance makes them seldom, so that small tables do
 * not drift by accident.
 *
 * @param psi population stability index; 0.1 is usually called small, 0.2 large
 * @param ks greatest distance of the distribution functions of numbers (Kolmogorov and Smirnov)
 * @param missing difference of the shares of missing values
 * @param newShare share of rows of the second table with a category that the first does not have
 * @param pValue distances count below it
 */
public record DriftLimits(double psi, double ks, double missing, double newShare, double pValue) {
    public DriftLimits {
        if (!(psi > 0 && ks > 0 && missing > 0 && newShare > 0 && pValue > 0 && pValue <= 1)) {
            throw new InputException("expected limits of drift above 0 and a p-value up to 1, received psi " + psi
                    + ", ks " + ks + ", missing " + missing + ", new share " + newShare + ", p-value " + pValue);
        }
    }

    /** PSI 0.2, distance 0.1, missing and new values 0.05 and 0.01, p-value 0.01. */
    public static DriftLimits usual() {
        return new DriftLimits(0.2, 0.1, 0.05, 0.01, 0.01);
    }
}
