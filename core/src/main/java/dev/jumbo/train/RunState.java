package dev.jumbo.train;

import dev.jumbo.data.Field;
import dev.jumbo.nn.Model;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.plan.machine.Peak;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a training stands, for callbacks to read; {@link TrainingRun} writes the figures. */
final class RunState implements TrainingState {
    private final TrainerBuilder.Setup setup;
    private final TrainingData data;
    private final Holding holding;
    private final Position position;
    private final LearningRate learningRate;
    private final StopRequest stop;

    private long examples;
    private double secondsBefore;
    private long startedAt = System.nanoTime();
    private double loss = Double.NaN;
    private double gradientNorm = Double.NaN;

    RunState(
            TrainerBuilder.Setup setup,
            TrainingData data,
            Holding holding,
            Position position,
            LearningRate learningRate,
            StopRequest stop) {
        this.setup = setup;
        this.data = data;
        this.holding = holding;
        this.position = position;
        this.learningRate = learningRate;
        this.stop = stop;
    }

    /** The clock starts. */
    void start() {
        startedAt = System.nanoTime();
    }

    /** Seconds of training before a resume. */
    void secondsBefore(double seconds) {
        secondsBefore = seconds;
    }

    /** A batch was propagated. */
    void batch(double itsLoss, int rows) {
        loss = itsLoss;
        examples += rows;
    }

    void gradientNorm(double norm) {
        gradientNorm = norm;
    }

    @Override
    public long step() {
        return position.step();
    }

    @Override
    public long totalSteps() {
        return position.totalSteps();
    }

    @Override
    public int epoch() {
        return position.epoch();
    }

    @Override
    public int epochs() {
        return position.epochs();
    }

    @Override
    public int stepsPerEpoch() {
        return position.stepsPerEpoch();
    }

    @Override
    public int stepsLeft() {
        return position.stepsLeft();
    }

    @Override
    public double loss() {
        return loss;
    }

    @Override
    public double gradientNorm() {
        return gradientNorm;
    }

    @Override
    public double learningRate() {
        return learningRate.at(step());
    }

    @Override
    public long examples() {
        return examples;
    }

    @Override
    public long tokensPerExample() {
        Field input = data.inputs().get(0);
        return input.dtype() == DType.INT64 && input.shape().rank() == 1 ? input.elements() : 0;
    }

    @Override
    public double flopsPerExample() {
        // A pipeline's worker has some of the layers.
        return holding.dividesModel() ? 0 : 3.0 * model().layer().flops(model().inputs());
    }

    @Override
    public double peakFlops() {
        if (model().device().type() != Device.Type.CPU) {
            return 0;
        }
        boolean bf16 = setup.config().precision() == TrainConfig.Precision.BF16;
        return Peak.known(bf16).orElse(0) * setup.world().size();
    }

    @Override
    public double seconds() {
        return secondsBefore + (System.nanoTime() - startedAt) / 1e9;
    }

    @Override
    public Model model() {
        return holding.model();
    }

    @Override
    public @Nullable Path directory() {
        return setup.directory();
    }

    @Override
    public void stop(String reason) {
        stop.fromWithin(reason);
    }

    @Override
    public @Nullable String stopReason() {
        return stop.reason();
    }
}
