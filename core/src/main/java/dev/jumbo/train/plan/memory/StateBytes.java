package dev.jumbo.train.plan.memory;

import dev.jumbo.error.InputException;
import dev.jumbo.train.TrainConfig;

/**
 * Bytes that training holds for each parameter. The ZeRO paper's mixed precision with Adam is (2, 2, 12) (Rajbhandari et
 * al., 2020, section 3.1), and so it is where workers share the optimizer's state. Where each has all of it, Jumbo sums
 * gradients in fp32, so with Adam it is (4, 4, 8) in fp32 and (6, 6, 8) in bf16.
 *
 * @param values weights in all their forms
 * @param gradients in all their forms
 * @param optimizer what the rule remembers, and the moving average of the weights
 */
public record StateBytes(double values, double gradients, double optimizer) {
    private static final int FLOAT = Float.BYTES;
    private static final int HALF = Short.BYTES;

    /** What one of several workers holds for each parameter of its part of the model. */
    public static StateBytes of(TrainConfig config, Sharding sharding, int workers) {
        boolean bf16 = config.precision() == TrainConfig.Precision.BF16;
        double kept = config.optimizer().slots() + (config.emaDecay() == null ? 0 : 1);
        if (bf16 && sharding.sharesOfOptimizer(workers) > 1) {
            // The fp32 values are the optimizer's, and so are the sums of the gradients while a step lasts.
            double sums = sharding == Sharding.ZERO1 ? 1 : 0;
            return new StateBytes(HALF, HALF, FLOAT * (1 + sums + kept)).on(sharding, workers);
        }
        int shadow = bf16 ? HALF : 0;
        return new StateBytes(FLOAT + shadow, FLOAT + shadow, FLOAT * kept).on(sharding, workers);
    }

    /** Bytes for each parameter on one of several workers (ZeRO, figure 1). */
    StateBytes on(Sharding sharding, int workers) {
        if (workers < 1) {
            throw new InputException("plan: expected 1 or more workers, received " + workers);
        }
        double whole = sharding.sharesOfValues(workers);
        return new StateBytes(values / whole, gradients / whole, optimizer / sharding.sharesOfOptimizer(workers));
    }

    public double total() {
        return values + gradients + optimizer;
    }
}
