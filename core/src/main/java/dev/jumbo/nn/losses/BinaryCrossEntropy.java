package dev.jumbo.nn.losses;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Loss;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.LossFunctions;
import dev.jumbo.tensor.Shape;
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

    @Override
    public Tensor of(Tensor outputs, Tensor targets) {
        Tensor t = Elementwise.align(targets, outputs);
        if (fromLogits) {
            return LossFunctions.binaryCrossEntropyWithLogits(
                    outputs, t, Tensor.scalar(posWeight).to(outputs.device()));
        }
        Tensor p = outputs.clamp(SMALLEST, 1 - SMALLEST);
        Tensor positive = t.mul(p.log()).mul(posWeight);
        Tensor negative = t.sub(1).mul(p.neg().add(1).log());
        return negative.sub(positive).mean();
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
