package dev.jumbo.data;

import dev.jumbo.error.InputException;

/** What examples count beside others. */
public final class ExampleWeights {
    private ExampleWeights() {}

    /** @throws InputException if one is negative, NaN or infinite, or all are 0 */
    public static void check(Dataset dataset) {
        if (!dataset.isWeighted()) {
            return;
        }
        double sum = 0;
        for (int i = 0; i < dataset.size(); i++) {
            double weight = dataset.weight(i);
            if (!fits(weight)) {
                throw new InputException("expected weights of examples from 0 to 3.4e38, received " + weight
                        + " for example " + i + "; mend the weight, or give 0 to an example that is not to count");
            }
            sum += weight;
        }
        if (sum == 0) {
            throw new InputException("expected a weight above 0, received 0 for all " + dataset.size()
                    + " examples: nothing would be learned or measured");
        }
    }

    /** Whether it can weigh an example: sums of as many as there are stay finite, of which each is a share. */
    static boolean fits(double weight) {
        return weight >= 0 && Float.isFinite((float) weight);
    }
}
