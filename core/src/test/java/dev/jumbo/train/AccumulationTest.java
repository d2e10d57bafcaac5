package dev.jumbo.train;

import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static org.assertj.core.api.Assertions.assertThat;

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
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.objective.Supervised;
import dev.jumbo.train.parallel.GradientBuckets;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What travels while gradients of several batches are added up. */
class AccumulationTest {
    private static final Dataset DATA = Digits.draw(60, 0, 3).train();
    private static final Sequential NETWORK = Sequential.of(flatten(), dense(8), dense(10));

    @Test
    void gradients_travel_behind_the_last_batch_of_a_step_alone() {
        List<Model> models = Stream.generate(
                        () -> Model.build(NETWORK, DATA.inputs().get(0).shape(), RandomState.of(3)))
                .limit(2)
                .toList();
        long parameters = models.get(0).store().whole().length();
        List<List<Long>> sums = ThreadWorlds.run(2, world -> {
            List<Long> summed = new ArrayList<>();
            run(counting(world, summed), models.get(world.rank()));
            return summed;
        });
        models.forEach(Model::close);
        for (List<Long> summed : sums) {
            // Of each batch the weight of its part, then the loss and whether to stop.
            assertThat(summed).containsExactly(1L, 2L, 1L, 2L, 1L, 2L, parameters);
        }
    }

    private static void run(World world, Model model) {
        TrainConfig config = Trainer.of(NETWORK).config();
        Loader loader = Loader.of(DATA)
                .batchSize(20)
                .part(new BatchSlice(world.rank(), world.size()))
                .build();
        model.store().prepareTraining(false);
        try (ReplicaPass pass = new ReplicaPass(
                        world,
                        model,
                        config,
                        new GradientBuckets(
                                world, model.store(), config.distributed().bucketMb()));
                Loader.Epoch batches = loader.epoch(0)) {
            for (int i = 0; batches.hasNext(); i++) {
                try (Scope scope = Scope.open()) {
                    Batch batch = batches.next();
                    pass.run(Supervised.of(config.task().loss(), DATA.targets()), batch, 3, i == 2, 0);
                }
            }
        }
    }

    /** Notes the elements of every sum. */
    private static World counting(World world, List<Long> summed) {
        return (World) Proxy.newProxyInstance(
                World.class.getClassLoader(), new Class<?>[] {World.class}, (proxy, method, a) -> {
                    if (method.getName().equals("allReduceSum")) {
                        summed.add(((Tensor) Objects.requireNonNull(a)[0]).elements());
                    }
                    try {
                        return method.invoke(world, a);
                    } catch (InvocationTargetException e) {
                        throw Objects.requireNonNull(e.getCause());
                    }
                });
    }
}
