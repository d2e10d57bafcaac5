package dev.jumbo.train;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.dropout;

import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.Torch;
import dev.jumbo.train.TrainConfig.Checkpoints;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;

/** A training that saves every five steps, in a process that {@link KilledTrainingTest} kills. Argument: the run's directory. */
final class KillableTraining {
    private KillableTraining() {}

    public static void main(String[] arguments) {
        Torch.setThreads(1);
        Trainer.of(Sequential.of(dense(64, RELU), dropout(0.2), dense(64, RELU), dense(2)))
                .optimizer(Optimizers.adam(1e-3))
                .epochs(12)
                .batchSize(16)
                .validationSplit(0.2)
                .emaDecay(0.99)
                .seed(11)
                .checkpoints(new Checkpoints(5, 2))
                .resume(true)
                .saveTo(Path.of(arguments[0]))
                .build()
                .fit(Moons.of(800, 5));
    }
}
