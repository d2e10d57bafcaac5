package dev.jumbo.train.callbacks;

import dev.jumbo.nn.Model;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A training whose every figure a test can set: 10 epochs of 10 steps of 64 examples, 2 steps a second. */
final class FakeState implements TrainingState {
    long step;
    double loss = 1;

    @Nullable
    Path directory;

    @Nullable
    String stopped;

    FakeState at(long newStep, double newLoss) {
        step = newStep;
        loss = newLoss;
        return this;
    }

    @Override
    public long step() {
        return step;
    }

    @Override
    public long totalSteps() {
        return 100;
    }

    @Override
    public int epoch() {
        return (int) (step / 10);
    }

    @Override
    public int epochs() {
        return 10;
    }

    @Override
    public int stepsPerEpoch() {
        return 10;
    }

    @Override
    public double loss() {
        return loss;
    }

    @Override
    public double gradientNorm() {
        return Double.NaN;
    }

    @Override
    public double learningRate() {
        return 0.001;
    }

    @Override
    public long examples() {
        return step * 64;
    }

    @Override
    public double seconds() {
        return step / 2.0;
    }

    @Override
    public Model model() {
        throw new UnsupportedOperationException("no model in this test");
    }

    @Override
    public @Nullable Path directory() {
        return directory;
    }

    @Override
    public void stop(String reason) {
        stopped = reason;
    }
}
