package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.tensor.FusedAdam;

/**
 * {@link Adam} with weight decay apart from the gradient (Loshchilov, Hutter, 2019, algorithm 2): before each step
 * {@code w = w (1 - learning_rate weight_decay)}. By libtorch's fused kernel.
 *
 * @param learningRate 0 or more
 * @param beta1 decay of the mean of gradients, 0 to below 1
 * @param beta2 decay of the mean of squared gradients, 0 to below 1
 * @param epsilon added to the denominator
 * @param weightDecay share of a weight that goes away in a step, times the learning rate
 * @param decayAll whether biases and normalisations decay too, as in PyTorch
 */
@Kind("adamw")
public record AdamW(
        @Doc("Base learning rate.") @Default("0.001") double learningRate,

        @Doc("Decay of the mean of gradients.") @Default("0.9")
        double beta1,

        @Doc("Decay of the mean of squared gradients.") @Default("0.999")
        double beta2,

        @Doc("Added to the denominator.") @Default("1e-8") double epsilon,

        @Doc("Decay of weights apart from the gradient.") @Default("0.01")
        double weightDecay,

        @Doc("Whether biases and normalisations decay too, as in PyTorch.") @Default("false")
        boolean decayAll)
        implements Optimizer {
    public AdamW {
        AdamState.check("adamw", learningRate, beta1, beta2, epsilon, weightDecay);
    }

    @Override
    public int slots() {
        return 2;
    }

    @Override
    public OptimizerState build(FlatSlice slice) {
        return new AdamState(slice, decayAll, new FusedAdam(beta1, beta2, epsilon, true), weightDecay);
    }
}
