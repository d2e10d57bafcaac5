package dev.jumbo.train.optim;

import dev.jumbo.nn.FlatSlice;

/**
 * An update rule, described: an immutable record with a {@link dev.jumbo.config.Kind}.
 *
 * <p>Weight decay applies to matrices and kernels only, not to biases and normalisations, whose size does not cause
 * overfitting; PyTorch decays every parameter of a group, which {@code decay_all} does here too.
 */
public interface Optimizer {
    /** The base learning rate, which a {@link Schedule} changes over the steps. */
    double learningRate();

    /** Values that the rule keeps between steps for each parameter: 0 or more. Plans count memory and time by it. */
    int slots();

    /**
     * Allocates what the rule remembers between steps.
     *
     * @param slice what the rule changes: a {@link dev.jumbo.nn.FlatStore} prepared for training, or a part; it must outlive the result
     */
    OptimizerState build(FlatSlice slice);
}
