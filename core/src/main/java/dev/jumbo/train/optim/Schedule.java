package dev.jumbo.train.optim;

/** A learning rate that changes over the steps: an immutable record with a {@link dev.jumbo.config.Kind}. */
public interface Schedule {
    /**
     * The learning rate of a step.
     *
     * @param step of the optimizer, from 0
     * @param totalSteps steps of the whole training, 1 or more
     * @param baseLearningRate the optimizer's
     */
    double at(long step, long totalSteps, double baseLearningRate);
}
