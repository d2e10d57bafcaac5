package dev.jumbo.train;

import dev.jumbo.nn.FlatSlice;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.train.optim.GradientClipping;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.Penalty;

/** What becomes of the gradients of a step: penalties are added, they are limited, and the optimizer takes its step. */
final class Update implements AutoCloseable {
    private final Holding holding;
    private final FlatSlice slice;
    private final OptimizerState optimizer;
    private final GradientClipping clipping;
    private final Penalty penalty;
    private final StepWeights weights = new StepWeights();

    Update(TrainConfig config, Holding holding) {
        this.holding = holding;
        slice = holding.slice();
        clipping = new GradientClipping(
                config.maxGradValue() == null ? Double.POSITIVE_INFINITY : config.maxGradValue(),
                config.maxGradNorm() == null ? Double.POSITIVE_INFINITY : config.maxGradNorm());
        penalty = new Penalty(config.l1(), config.l2());
        optimizer = config.optimizer().build(slice);
    }

    /** What a resume needs. */
    OptimizerState optimizer() {
        return optimizer;
    }

    /** A batch was propagated back. @param weight what it counts beside the others of the step */
    void add(double weight) {
        weights.add(weight);
    }

    /**
     * Steps by the gradients that have been added up; not where nothing in them counts.
     *
     * @param batches that were added up
     * @param before the norm where there is no step
     * @return the norm of the gradients before they were limited; NaN if it was not asked for
     */
    double step(double learningRate, int batches, double before) {
        double norm = before;
        if (!weights.isEmpty()) {
            try (Autograd off = Autograd.noGrad()) {
                double correction = weights.correction(batches);
                if (correction != 1) {
                    slice.gradients().mul_(correction);
                }
                if (!penalty.isNone()) {
                    penalty.addToGradients(slice);
                }
                norm = clipping.apply(slice.gradients(), holding::sum);
                optimizer.step(learningRate);
            }
        }
        weights.clear();
        return norm;
    }

    /** Whether nothing that counts has been added up. */
    boolean isEmpty() {
        return weights.isEmpty();
    }

    @Override
    public void close() {
        optimizer.close();
    }
}
