package dev.jumbo.train;

/**
 * What the batches of one step of the optimizer count beside each other. The weight of a later batch is not known yet when an
 * earlier one is propagated back, so each is taken relative to the first, and the sum is put right at the end; where all
 * count the same, as they usually do, there is nothing to put right.
 */
final class StepWeights {
    private double first;
    private double sum;

    /** Takes the next batch of the step in. @return its weight over that of the first one that counts */
    double add(double weight) {
        first = first == 0 ? weight : first;
        sum += weight;
        return first == 0 ? 0 : weight / first;
    }

    /** What the gradients of the step are multiplied by, after each batch was divided by the number of batches. */
    double correction(int batches) {
        return sum == batches * first ? 1 : batches * first / sum;
    }

    /** What all batches of the step count together. */
    double sum() {
        return sum;
    }

    /** Whether nothing in any of the batches counts. */
    boolean isEmpty() {
        return sum == 0;
    }

    /** Starts with the next step. */
    void clear() {
        first = 0;
        sum = 0;
    }
}
