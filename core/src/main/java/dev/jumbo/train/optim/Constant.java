package dev.jumbo.train.optim;

import dev.jumbo.config.Kind;

/** The base learning rate throughout. */
@Kind("constant")
public record Constant() implements Schedule {
    @Override
    public double at(long step, long totalSteps, double baseLearningRate) {
        return baseLearningRate;
    }
}
