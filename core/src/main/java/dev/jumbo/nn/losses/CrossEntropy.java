package dev.jumbo.nn.losses;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Loss;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Tensor;

/**
 * {@code -sum_c t_c log softmax(x)_c}, averaged over the batch, of logits {@code [N, classes, ...]} against class ids
 * {@code [N, ...]} INT64 or probabilities of the logits' shape (one-hot among them).
 *
 * @param labelSmoothing share of each target spread evenly over all classes (Szegedy et al., 2016, section 7)
 */
@Kind("cross_entropy")
public record CrossEntropy(
        @Doc("Share of each target spread over all classes.") @Default("0.0")
        double labelSmoothing) implements Loss {
    @Override
    public Tensor of(Tensor outputs, Tensor targets) {
        return Functional.crossEntropy(outputs, targets, null, -100, labelSmoothing);
    }

    @Override
    public Tensor predictions(Tensor outputs) {
        return Functional.softmax(outputs, 1);
    }
}
