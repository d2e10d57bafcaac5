package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.tensor.Tensor;

/**
 * Lion (Chen et al., 2023, algorithm 2): steps of one size, whose direction is a sign. It wants a learning rate 3 to 10
 * times smaller than AdamW's, and a weight decay as much larger.
 *
 * <pre>
 * w = w - learning_rate (sign(beta1 m + (1 - beta1) g) + weight_decay w)
 * m = beta2 m + (1 - beta2) g
 * </pre>
 *
 * @param learningRate 0 or more
 * @param beta1 share of m in the direction, 0 to below 1
 * @param beta2 decay of m, 0 to below 1
 * @param weightDecay share of a weight that goes away in a step, times the learning rate
 * @param decayAll whether biases and normalisations decay too
 */
@Kind("lion")
public record Lion(
        @Doc("Base learning rate.") @Default("1e-4") double learningRate,

        @Doc("Share of the running mean in the direction.") @Default("0.9")
        double beta1,

        @Doc("Decay of the running mean of gradients.") @Default("0.99")
        double beta2,

        @Doc("Decay of weights apart from the gradient.") @Default("0.0")
        double weightDecay,

        @Doc("Whether biases and normalisations decay too.") @Default("false")
        boolean decayAll)
        implements Optimizer {
    public Lion {
        Range.atLeastZero("lion.learning_rate", learningRate);
        Range.fraction("lion.beta1", beta1);
        Range.fraction("lion.beta2", beta2);
        Range.atLeastZero("lion.weight_decay", weightDecay);
    }

    @Override
    public int slots() {
        return 1;
    }

    @Override
    public OptimizerState build(FlatSlice slice) {
        return new State(slice, this);
    }

    private static final class State extends FlatState {
        private final Lion rule;
        private final Tensor mean = slot("exp_avg", 0);

        State(FlatSlice slice, Lion rule) {
            super(slice, rule.weightDecay, rule.decayAll);
            this.rule = rule;
        }

        @Override
        void update(double learningRate) {
            shrinkWeights(learningRate);
            Tensor direction = mean.copy().lerp_(gradients(), 1 - rule.beta1).sign();
            move(direction, learningRate);
            mean.lerp_(gradients(), 1 - rule.beta2);
        }
    }
}
