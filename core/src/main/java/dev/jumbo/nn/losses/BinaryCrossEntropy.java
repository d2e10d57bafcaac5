package dev.jumbo.nn.losses;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Answer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Target;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.LossFunctions;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;

/**
 * {@code -(p t log s(x) + (1 - t) log(1 - s(x)))} with the sigmoid s, averaged over all values: for one yes-or-no
 * question, or for several labels that do not exclude each other. As PyTorch's {@code BCEWithLogitsLoss}. Targets are 0
 * to 1 in the outputs' shape, INT64 or FLOAT32.
 *
 * @param posWeight p, what a positive target counts against a negative one; above 1 for rare positives
 * @param fromLogits whether outputs are logits; if not, they are probabilities (the network ends in sigmoid), kept from
 *     1e-7 to 1 - 1e-7 as in Keras
 */
@Kind("binary_cross_entropy")
public record BinaryCrossEntropy(
        @Doc("What a positive target counts against a negative one.") @Default("1.0")
        double posWeight,

        @Doc("Whether outputs are logits; if not, probabilities.") @Default("true")
        boolean fromLogits)
        implements Loss {
    private static final double SMALLEST = 1e-7;

    public BinaryCrossEntropy {
        if (!(posWeight > 0) || Double.isInfinite(posWeight)) {
            throw new InputException(
                    "binary_cross_entropy.pos_weight: expected a weight above 0, received " + posWeight);
        }
    }

    /** @throws InputException if a target is not from 0 to 1 */
    @Override
    public Tensor of(Tensor outputs, Tensor targets) {
        requireShares(targets);
        Tensor t = Elementwise.align(targets, outputs);
        if (fromLogits) {
            return LossFunctions.binaryCrossEntropyWithLogits(
                    outputs, t, Tensor.scalar(posWeight).to(outputs.device()));
        }
        return ofProbabilities(outputs, t).mean();
    }

    private Tensor ofProbabilities(Tensor outputs, Tensor t) {
        Tensor p = outputs.clamp(SMALLEST, 1 - SMALLEST);
        Tensor positive = t.mul(p.log()).mul(posWeight);
        Tensor negative = t.sub(1).mul(p.neg().add(1).log());
        return negative.sub(positive);
    }

    @Override
    public Tensor each(Tensor outputs, Tensor targets) {
        requireShares(targets);
        Tensor t = Elementwise.align(targets, outputs);
        return Elementwise.means(
                fromLogits
                        ? LossFunctions.binaryCrossEntropyWithLogitsEach(
                                outputs, t, Tensor.scalar(posWeight).to(outputs.device()))
                        : ofProbabilities(outputs, t));
    }

    private static void requireShares(Tensor targets) {
        if (targets.elements() > 0) {
            double least = targets.min().item();
            double most = targets.max().item();
            if (!(least >= 0 && most <= 1)) {
                throw new InputException(
                        "binary_cross_entropy: expected targets from 0 to 1, received " + (least >= 0 ? most : least)
                                + "; write loss: cross_entropy for several classes, mse for numbers");
            }
        }
    }

    @Override
    public void check(Shape outputs, Target target) {
        int classes = target.classes().size();
        boolean one = target.shape().elements() == 1;
        if (one && classes > 0 && classes != 2) {
            throw new InputException("binary_cross_entropy: expected two classes, but " + target.described()
                    + "; write loss: cross_entropy with a last layer dense: " + classes);
        }
        if (one && outputs.elements() != 1) {
            throw new ShapeException(
                    "binary_cross_entropy: the model's output for " + target.name(),
                    "one value, the second class's",
                    outputs + "; set the last layer's units to 1, or write loss: cross_entropy for one output for each"
                            + " class");
        }
        check(outputs, target.shape());
    }

    /** From 0 to 1. */
    @Override
    public void checkValues(Target target, double[] values) {
        for (double value : values) {
            if (!(value >= 0 && value <= 1)) {
                throw new InputException("binary_cross_entropy: expected targets from 0 to 1, but " + target.described()
                        + " such as " + value
                        + (target.ids()
                                ? "; write loss: cross_entropy with an output for each class"
                                : "; write loss: mse for numbers"));
            }
        }
    }

    @Override
    public boolean checksValues(Target target) {
        return !target.ids() || target.classes().size() != 2;
    }

    @Override
    public Answer answer(Target target) {
        return target.shape().elements() == 1 ? Answer.CLASS : Answer.LABELS;
    }

    @Override
    public void check(Shape outputs, Shape targets) {
        Elementwise.check("binary_cross_entropy", outputs, targets);
    }

    @Override
    public Tensor predictions(Tensor outputs) {
        return fromLogits ? Functional.sigmoid(outputs) : outputs;
    }
}
