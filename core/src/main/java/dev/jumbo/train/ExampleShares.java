package dev.jumbo.train;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.objective.CountedLoss;
import java.util.List;

/** What each example counts in the mean loss of a batch: its weight over that of the whole batch. */
final class ExampleShares {
    private static final double SAME = 1e-9;
    private static final double ROUNDING = 1e-6;

    private ExampleShares() {}

    /**
     * @param targets of this worker's rows, one for each output
     * @param all the weight of the whole batch, of each output
     * @return one for each row
     * @throws InputException if an example counts differently in the losses of several outputs, as where one of them is ignored
     */
    static double[] of(CountedLoss loss, List<Tensor> targets, double[] all) {
        double[] shares = of(loss, targets.get(0), all[0]);
        for (int output = 1; output < targets.size(); output++) {
            double[] others = of(loss, targets.get(output), all[output]);
            for (int i = 0; i < shares.length; i++) {
                if (Math.abs(shares[i] - others[i]) > SAME) {
                    throw new InputException(
                            "train.gradient_rules: a rule that looks at single examples needs losses in which"
                                    + " an example counts alike for each output, received shares of " + shares[i]
                                    + " and "
                                    + others[i] + "; leave out class weights and ignore_index");
                }
            }
        }
        return shares;
    }

    private static double[] of(CountedLoss loss, Tensor targets, double all) {
        double[] shares = loss.loss().weights(targets);
        double sum = 0;
        for (double count : shares) {
            sum += count;
        }
        double weight = loss.loss().weight(targets);
        if (Math.abs(sum - weight) > ROUNDING * Math.max(1, weight)) {
            throw new InputException(
                    "train.gradient_rules: " + loss.loss().getClass().getSimpleName()
                            + " says that the targets of a batch count " + weight + ", and each of them together " + sum
                            + "; weights(targets) must add up to weight(targets)");
        }
        double[] weights = loss.weights();
        for (int i = 0; i < shares.length; i++) {
            shares[i] = all == 0 ? 0 : shares[i] * (weights == null ? 1 : weights[i]) / all;
        }
        return shares;
    }
}
