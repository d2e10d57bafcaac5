package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * RMSprop (Tieleman, Hinton, 2012, lecture 6e), as PyTorch's:
 *
 * <pre>
 * g = g + weight_decay w
 * v = alpha v + (1 - alpha) g^2
 * d = g / (sqrt(v) + epsilon)                (centered: v minus the square of the running mean of g)
 * b = momentum b + d
 * w = w - learning_rate b
 * </pre>
 *
 * @param learningRate 0 or more
 * @param alpha decay of the mean of squared gradients, 0 to below 1; Keras calls it rho
 * @param momentum 0 to below 1
 * @param centered whether to divide by the standard deviation of gradients instead of their root mean square
 * @param epsilon added to the denominator
 * @param weightDecay L2 penalty: this times w is added to g
 * @param decayAll whether biases and normalisations decay too, as in PyTorch
 */
@Kind("rmsprop")
public record RmsProp(
        @Doc("Base learning rate.") @Default("0.001") double learningRate,

        @Doc("Decay of the mean of squared gradients.") @Default("0.99")
        double alpha,

        @Doc("Share of the last direction that is kept.") @Default("0.0")
        double momentum,

        @Doc("Whether to divide by the standard deviation of gradients.") @Default("false")
        boolean centered,

        @Doc("Added to the denominator.") @Default("1e-8") double epsilon,

        @Doc("L2 penalty on weights, added to the gradient.") @Default("0.0")
        double weightDecay,

        @Doc("Whether biases and normalisations decay too, as in PyTorch.") @Default("false")
        boolean decayAll)
        implements Optimizer {
    public RmsProp {
        Range.atLeastZero("rmsprop.learning_rate", learningRate);
        Range.fraction("rmsprop.alpha", alpha);
        Range.fraction("rmsprop.momentum", momentum);
        Range.atLeastZero("rmsprop.epsilon", epsilon);
        Range.atLeastZero("rmsprop.weight_decay", weightDecay);
    }

    @Override
    public int slots() {
        return 1 + (centered ? 1 : 0) + (momentum == 0 ? 0 : 1);
    }

    @Override
    public OptimizerState build(FlatSlice slice) {
        return new State(slice, this);
    }

    private static final class State extends FlatState {
        private final RmsProp rule;
        private final Tensor square = slot("square_avg", 0);
        private final @Nullable Tensor mean;
        private final @Nullable Tensor buffer;

        State(FlatSlice slice, RmsProp rule) {
            super(slice, rule.weightDecay, rule.decayAll);
            this.rule = rule;
            mean = rule.centered ? slot("grad_avg", 0) : null;
            buffer = rule.momentum == 0 ? null : slot("momentum_buffer", 0);
        }

        @Override
        void update(double learningRate) {
            addDecayToGradients();
            square.mul_(rule.alpha).addcmul_(gradients(), gradients(), 1 - rule.alpha);
            Tensor divisor = variance().sqrt().add_(rule.epsilon);
            if (buffer == null) {
                move(gradients(), divisor, learningRate);
            } else {
                buffer.mul_(rule.momentum).addcdiv_(gradients(), divisor, 1);
                move(buffer, learningRate);
            }
        }

        private Tensor variance() {
            if (mean == null) {
                return square;
            }
            mean.lerp_(gradients(), 1 - rule.alpha);
            return square.copy().addcmul_(mean, mean, -1);
        }
    }
}
