package dev.jumbo.train;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.data.Batch;
import dev.jumbo.data.BatchSlice;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Loader;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.dist.World;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.train.objective.Supervised;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.Optimizers;
import dev.jumbo.train.parallel.GradientBuckets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What several workers do is what one does, and not only nearly so. In fp32, rounding alone parts two trainings with Adam after
 * some dozen steps; in fp64 they stay together, so nothing but rounding ever parted them.
 */
class ExactSumsTest {
    private static final int STEPS = 100;
    private static final Dataset DATA = Digits.draw(620, 0, 3).train();

    /** That of the introductory articles, with batch normalisation over the whole batch. */
    private static final Sequential NETWORK = Sequential.of(
            conv2d(8, 3, RELU),
            maxPool2d(2),
            conv2d(12, 3, RELU),
            batchNorm(),
            maxPool2d(2),
            flatten(),
            dense(32, RELU),
            dense(10));

    @Test
    void two_and_three_workers_follow_one_with_adam_to_ten_digits_in_fp64() {
        List<Double> one = train(1).get(0);
        assertThat(one).hasSize(STEPS);
        assertThat(one.get(STEPS - 1)).isLessThan(one.get(0) / 2);
        for (int workers : new int[] {2, 3}) {
            for (List<Double> losses : train(workers)) {
                for (int step = 0; step < STEPS; step++) {
                    assertThat(losses.get(step))
                            .as("loss of step %d on %d workers", step + 1, workers)
                            .isCloseTo(one.get(step), within(1e-10 * one.get(step)));
                }
            }
        }
    }

    /** The losses that each worker sees. */
    private static List<List<Double>> train(int workers) {
        List<Model> models = Stream.generate(
                        () -> Model.build(NETWORK, DATA.inputs().get(0).shape(), RandomState.of(3)))
                .limit(workers)
                .toList();
        try {
            return ThreadWorlds.run(workers, world -> train(world, models.get(world.rank())));
        } finally {
            models.forEach(Model::close);
        }
    }

    private static List<Double> train(World world, Model model) {
        DistributedConfig synchronised =
                new DistributedConfig(DistributedConfig.Strategy.DATA_PARALLEL, true, 0.02, 4, 30, 3, null);
        TrainConfig config = Trainer.of(NETWORK).distributed(synchronised).config();
        Loader loader = Loader.of(DATA)
                .batchSize(31) // Parts of different sizes.
                .part(new BatchSlice(world.rank(), world.size()))
                .shuffle(RandomState.of(5))
                .build();
        model.store().prepareExactTraining();
        List<Double> losses = new ArrayList<>();
        try (ReplicaPass pass = new ReplicaPass(
                        world,
                        model,
                        config,
                        new GradientBuckets(
                                world, model.store(), config.distributed().bucketMb()));
                OptimizerState adam = Optimizers.adam(1e-3).build(model.store())) {
            for (int epoch = 0; losses.size() < STEPS; epoch++) {
                try (Loader.Epoch batches = loader.epoch(epoch)) {
                    while (batches.hasNext() && losses.size() < STEPS) {
                        try (Scope scope = Scope.open()) {
                            Batch batch = batches.next();
                            model.store().zeroGradients();
                            losses.add(pass.run(Supervised.of(config.task().loss(), DATA.targets()), batch, 1, true, 0)
                                    .loss());
                            adam.step(1e-3);
                        }
                    }
                }
            }
        }
        return losses;
    }
}
