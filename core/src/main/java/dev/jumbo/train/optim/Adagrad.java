package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.tensor.Tensor;

/**
 * Adagrad (Duchi et al., 2011), as PyTorch's:
 *
 * <pre>
 * g = g + weight_decay w
 * s = s + g^2
 * w = w - learning_rate / (1 + (t - 1) lr_decay) g / (sqrt(s) + epsilon)
 * </pre>
 *
 * @param learningRate 0 or more
 * @param lrDecay how fast the learning rate falls with the steps t, 0 or more
 * @param initialAccumulatorValue first value of s, 0 or more
 * @param epsilon added to the denominator
 * @param weightDecay L2 penalty: this times w is added to g
 * @param decayAll whether biases and normalisations decay too, as in PyTorch
 */
@Kind("adagrad")
public record Adagrad(
        @Doc("Base learning rate.") @Default("0.01") double learningRate,

        @Doc("How fast the learning rate falls with the steps.") @Default("0.0")
        double lrDecay,

        @Doc("First value of the sum of squared gradients.") @Default("0.0")
        double initialAccumulatorValue,

        @Doc("Added to the denominator.") @Default("1e-10") double epsilon,

        @Doc("L2 penalty on weights, added to the gradient.") @Default("0.0")
        double weightDecay,

        @Doc("Whether biases and normalisations decay too, as in PyTorch.") @Default("false")
        boolean decayAll)
        implements Optimizer {
    public Adagrad {
        Range.atLeastZero("adagrad.learning_rate", learningRate);
        Range.atLeastZero("adagrad.lr_decay", lrDecay);
        Range.atLeastZero("adagrad.initial_accumulator_value", initialAccumulatorValue);
        Range.atLeastZero("adagrad.epsilon", epsilon);
        Range.atLeastZero("adagrad.weight_decay", weightDecay);
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
        private final Adagrad rule;
        private final Tensor sum;

        State(FlatSlice slice, Adagrad rule) {
            super(slice, rule.weightDecay, rule.decayAll);
            this.rule = rule;
            sum = slot("sum", rule.initialAccumulatorValue);
        }

        @Override
        void update(double learningRate) {
            addDecayToGradients();
            sum.addcmul_(gradients(), gradients(), 1);
            double rate = rule.lrDecay == 0 ? learningRate : learningRate / (1 + (count().item() - 1) * rule.lrDecay);
            move(gradients(), sum.sqrt().add_(rule.epsilon), rate);
        }
    }
}
