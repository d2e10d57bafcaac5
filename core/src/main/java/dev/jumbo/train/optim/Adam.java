package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.tensor.FusedAdam;

/**
 * Adam (Kingma, Ba, 2015, algorithm 1), by libtorch's fused kernel:
 *
 * <pre>
 * m = beta1 m + (1 - beta1) g
 * v = beta2 v + (1 - beta2) g^2
 * w = w - learning_rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * </pre>
 *
 * @param learningRate 0 or more
 * @param beta1 decay of the mean of gradients, 0 to below 1
 * @param beta2 decay of the mean of squared gradients, 0 to below 1
 * @param epsilon added to the denominator
 * @param weightDecay L2 penalty: this times w is added to g; for decay apart from the gradient see {@link AdamW}
 * @param decayAll whether biases and normalisations decay too, as in PyTorch
 */
@Kind("adam")
public record Adam(
        @Doc("Base learning rate.") @Default("0.001") double learningRate,

        @Doc("Decay of the mean of gradients.") @Default("0.9")
        double beta1,

        @Doc("Decay of the mean of squared gradients.") @Default("0.999")
        double beta2,

        @Doc("Added to the denominator.") @Default("1e-8") double epsilon,

        @Doc("L2 penalty on weights, added to the gradient.") @Default("0.0")
        double weightDecay,

        @Doc("Whether biases and normalisations decay too, as in PyTorch.") @Default("false")
        boolean decayAll)
        implements Optimizer {
    public Adam {
        AdamState.check("adam", learningRate, beta1, beta2, epsilon, weightDecay);
    }

    @Override
    public int slots() {
        return 2;
    }

    @Override
    public OptimizerState build(FlatSlice slice) {
        return new AdamState(slice, decayAll, new FusedAdam(beta1, beta2, epsilon, false), weightDecay);
    }
}
