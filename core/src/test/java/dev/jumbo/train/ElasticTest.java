package dev.jumbo.train;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.SharedData;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.image.Mnist;
import dev.jumbo.data.split.Subset;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.train.DistributedConfig.Strategy;
import dev.jumbo.train.TrainConfig.Checkpoints;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trainings on MNIST that change their number of workers in the middle of epochs, with each strategy. Workers are threads. */
class ElasticTest {
    private static final int EXAMPLES = 1500; // Two epochs of 50 steps, of 30 examples each.

    @TempDir
    Path runs;

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void goes_from_two_workers_to_one_to_three_and_back_as_if_never_interrupted(Strategy strategy) {
        Dataset mnist = Subset.of(
                Mnist.load(SharedData.require("mnist")).train(),
                IntStream.range(0, EXAMPLES).toArray());
        Map<Long, Double> whole = new ConcurrentHashMap<>();
        train(mnist, 1, strategy, "whole", 0, whole);

        Map<Long, Double> changing = new ConcurrentHashMap<>();
        // The first values come from libtorch's only generator, which threads share; so one worker makes them.
        train(mnist, 1, strategy, "changing", 5, changing);
        train(mnist, 2, strategy, "changing", 20, changing);
        train(mnist, 1, strategy, "changing", 35, changing);
        train(mnist, 2, strategy, "changing", 60, changing);
        train(mnist, 3, strategy, "changing", 80, changing);
        train(mnist, 2, strategy, "changing", 0, changing);

        assertThat(whole).hasSize(100);
        assertThat(changing.keySet()).isEqualTo(whole.keySet());
        // Losses of neighbouring steps differ by percents, so another order of samples would be seen at once.
        whole.forEach((step, loss) ->
                assertThat(changing.get(step)).as("loss of step %d", step).isCloseTo(loss, within(1e-5 * loss)));
    }

    /** @param until the step, saved every fifth, behind which it breaks off; 0 for the end */
    private void train(Dataset data, int workers, Strategy strategy, String run, long until, Map<Long, Double> losses) {
        try {
            ThreadWorlds.run(
                    workers,
                    world -> Trainer.of(Sequential.of(
                                    conv2d(4, 5, RELU),
                                    maxPool2d(2),
                                    conv2d(6, 3, RELU),
                                    maxPool2d(2),
                                    flatten(),
                                    dense(10)))
                            .optimizer(Optimizers.sgd(0.01, 0.5))
                            .epochs(2)
                            .batchSize(30)
                            .seed(5)
                            .checkpoints(new Checkpoints(5, 2))
                            .distributed(new DistributedConfig(strategy, false, 0.01, 4, 30, 3, null))
                            .world(world)
                            .resume(true)
                            .saveTo(runs.resolve(run))
                            .callback(new Callback() {
                                @Override
                                public void onStep(TrainingState state) {
                                    if (until > 0 && state.step() == until + 1) {
                                        throw new IllegalStateException("interrupted");
                                    }
                                    losses.put(state.step(), state.loss());
                                }
                            })
                            .build()
                            .fit(data));
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("interrupted");
            assertThat(Checkpoint.latest(runs.resolve(run)).trainer().step()).isEqualTo(until);
        }
    }
}
