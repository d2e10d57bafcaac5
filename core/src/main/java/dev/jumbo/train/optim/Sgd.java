package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Stochastic gradient descent, as PyTorch's {@code SGD}:
 *
 * <pre>
 * g = g + weight_decay w
 * b = momentum b + (1 - dampening) g        (b = g in the first step)
 * w = w - learning_rate b                   (Nesterov: g + momentum b instead of b)
 * </pre>
 *
 * @param learningRate 0 or more
 * @param momentum 0 to below 1; 0 keeps no state
 * @param nesterov looks ahead (Sutskever et al., 2013); needs momentum, and dampening 0
 * @param weightDecay L2 penalty: this times w is added to g
 * @param dampening share of the gradient that does not enter the momentum, 0 to 1
 * @param decayAll whether biases and normalisations decay too, as in PyTorch
 */
@Kind("sgd")
public record Sgd(
        @Doc("Base learning rate.") @Default("0.01") double learningRate,

        @Doc("Share of the last direction that is kept.") @Default("0.0")
        double momentum,

        @Doc("Whether to look ahead by the momentum.") @Default("false")
        boolean nesterov,

        @Doc("L2 penalty on weights, added to the gradient.") @Default("0.0")
        double weightDecay,

        @Doc("Share of the gradient that does not enter the momentum.") @Default("0.0")
        double dampening,

        @Doc("Whether biases and normalisations decay too, as in PyTorch.") @Default("false")
        boolean decayAll)
        implements Optimizer {
    public Sgd {
        Range.atLeastZero("sgd.learning_rate", learningRate);
        Range.fraction("sgd.momentum", momentum);
        Range.atLeastZero("sgd.weight_decay", weightDecay);
        Range.require(dampening >= 0 && dampening <= 1, "sgd.dampening", "from 0 to 1", dampening);
        Range.require(
                !nesterov || (momentum > 0 && dampening == 0),
                "sgd.nesterov",
                "momentum above 0 and dampening 0 with it",
                "momentum " + momentum + ", dampening " + dampening);
    }

    @Override
    public int slots() {
        return momentum == 0 ? 0 : 1;
    }

    @Override
    public OptimizerState build(FlatSlice slice) {
        return new State(slice, this);
    }

    private static final class State extends FlatState {
        private final Sgd rule;
        private final @Nullable Tensor buffer;

        State(FlatSlice slice, Sgd rule) {
            super(slice, rule.weightDecay, rule.decayAll);
            this.rule = rule;
            buffer = rule.momentum == 0 ? null : slot("momentum_buffer", 0);
        }

        @Override
        void update(double learningRate) {
            addDecayToGradients();
            move(direction(), learningRate);
        }

        private Tensor direction() {
            if (buffer == null) {
                return gradients();
            }
            if (count().item() == 1) {
                buffer.copy_(gradients());
            } else {
                buffer.mul_(rule.momentum).add_(gradients(), 1 - rule.dampening);
            }
            return rule.nesterov ? gradients().add_(buffer, rule.momentum) : buffer;
        }
    }
}
