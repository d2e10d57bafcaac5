package dev.jumbo.train.shard;

import static dev.jumbo.nn.Activation.TANH;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;

import dev.jumbo.Workers;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.dist.World;
import dev.jumbo.dist.health.Heartbeats;
import dev.jumbo.error.FailureException;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.train.DistributedConfig;
import dev.jumbo.train.DistributedConfig.Strategy;
import dev.jumbo.train.TrainConfig.Checkpoints;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;
import java.time.Duration;

/** One of two processes that train fully sharded, of which the second dies. Arguments: the run's directory, and the step. */
final class FullShardWorker {
    /** Status of who ends with an error that is meant for people. */
    static final int TOLD = 7;

    private FullShardWorker() {}

    public static void main(String[] arguments) {
        long until = Long.parseLong(arguments[1]);
        Duration limit = Duration.ofSeconds(20);
        try (World world = Heartbeats.watch(Workers.join(), "here", limit, limit, loss -> {})) {
            Trainer.of(Sequential.of(flatten(), dense(32, TANH), dense(16, TANH), dense(10)))
                    .optimizer(Optimizers.adam(1e-3))
                    .epochs(3)
                    .batchSize(20)
                    .checkpoints(new Checkpoints(2, 3))
                    .distributed(new DistributedConfig(Strategy.FULLY_SHARDED, false, 0.01, 4, 30, 3, null))
                    .world(world)
                    .callback(new Callback() {
                        @Override
                        public void onStep(TrainingState state) {
                            if (!world.isFirst() && state.step() == until) {
                                Runtime.getRuntime().halt(9);
                            }
                        }
                    })
                    .saveTo(Path.of(arguments[0]))
                    .build()
                    .fit(Digits.draw(200, 0, 3).train());
        } catch (FailureException e) {
            System.out.println("told: " + e.getMessage());
            Runtime.getRuntime().halt(TOLD);
        }
    }
}
