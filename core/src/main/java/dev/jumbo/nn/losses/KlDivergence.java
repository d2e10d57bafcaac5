package dev.jumbo.nn.losses;

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
 * Kullback-Leibler divergence of the network's distribution from a target's, {@code sum_c t_c (log t_c - log softmax(x)_c)}
 * over the last dimension, averaged over all distributions: for logits {@code [N, ..., classes]} against probabilities of
 * the same shape. For {@code [N, classes]} it is PyTorch's {@code kl_div} of {@code log_softmax} with {@code batchmean}.
 */
@Kind("kl_divergence")
public record KlDivergence() implements Loss {
    @Override
    public Tensor of(Tensor outputs, Tensor targets) {
        if (!targets.dtype().isFloating()) {
            throw new InputException("kl_divergence: expected probabilities FLOAT32 " + outputs.shape() + ", received "
                    + targets.dtype() + " " + targets.shape() + "; use cross_entropy for class ids");
        }
        double distributions = (double) outputs.elements() / outputs.size(-1);
        return LossFunctions.klDivergenceSum(Functional.logSoftmax(outputs, -1), targets)
                .mul(1 / distributions);
    }

    @Override
    public Tensor each(Tensor outputs, Tensor targets) {
        Tensor each = LossFunctions.klDivergenceEach(Functional.logSoftmax(outputs, -1), targets);
        return Elementwise.means(each.sum(false, -1));
    }

    @Override
    public void check(Shape outputs, Shape targets) {
        if (outputs.rank() == 0 || !outputs.equals(targets)) {
            throw new ShapeException(
                    "kl_divergence targets", "probabilities " + outputs + ", the shape of the outputs", targets);
        }
    }

    @Override
    public Tensor predictions(Tensor outputs) {
        return Functional.softmax(outputs, -1);
    }

    @Override
    public void check(Shape outputs, Target target) {
        if (target.ids() || target.shape().rank() == 0) {
            throw refusing(target);
        }
        if (outputs.rank() > 0) {
            ClassOutputs.check("kl_divergence", outputs, -1, target);
        }
        check(outputs, target.shape());
    }

    private static InputException refusing(Target target) {
        return new InputException("kl_divergence: expected probabilities of classes, but " + target.described()
                + "; write loss: " + (target.isNumbers() ? "mse for numbers" : "cross_entropy for class ids"));
    }

    /** Probabilities: not below 0, of the sum 1. */
    @Override
    public void checkValues(Target target, double[] values) {
        if (!ClassOutputs.areProbabilities(values, target.shape(), -1)) {
            throw refusing(target);
        }
    }

    @Override
    public boolean checksValues(Target target) {
        return !target.ids();
    }

    @Override
    public Answer answer(Target target) {
        return Answer.CLASS;
    }

    @Override
    public int classAxis() {
        return -1;
    }
}
