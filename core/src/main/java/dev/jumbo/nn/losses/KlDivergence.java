package dev.jumbo.nn.losses;

import dev.jumbo.config.Kind;
import dev.jumbo.nn.Loss;
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
        double distributions = (double) outputs.elements() / outputs.size(-1);
        return LossFunctions.klDivergenceSum(Functional.logSoftmax(outputs, -1), targets)
                .mul(1 / distributions);
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
}
