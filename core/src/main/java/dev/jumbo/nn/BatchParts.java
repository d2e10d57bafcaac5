package dev.jumbo.nn;

import dev.jumbo.tensor.Tensor;

/** The parts of a batch that is spread over several workers: what a layer needs for a statistic of the whole of it. */
@FunctionalInterface
public interface BatchParts {
    /**
     * The sum over all parts, the same on every worker. Gradients flow back through it to every worker's part, so all of
     * them run the same layers forward and backward.
     *
     * @param part FLOAT64, of the same shape on every worker
     */
    Tensor sum(Tensor part);
}
