package dev.jumbo.train.metrics;

/** What log loss and perplexity share. */
final class Probabilities {
    /** The distance from 1 to the next 32-bit float: outputs are no more exact than this. */
    private static final double EPSILON = Math.ulp(1.0f);

    private Probabilities() {}

    /** {@code -sum_c t_c log p_c} of a row, with p clipped to {@code [eps, 1 - eps]}. */
    static double logLoss(Predictions predictions, int row) {
        if (predictions.hasClassIds()) {
            return -log(predictions.probability(row, predictions.target(row)));
        }
        double sum = 0;
        for (int c = 0; c < predictions.classes(); c++) {
            double share = predictions.targetShare(row, c);
            if (share != 0) {
                sum -= share * log(predictions.probability(row, c));
            }
        }
        return sum;
    }

    private static double log(double probability) {
        return Math.log(Math.min(Math.max(probability, EPSILON), 1 - EPSILON));
    }
}
