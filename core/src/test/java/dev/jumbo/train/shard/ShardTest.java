package dev.jumbo.train.shard;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.dense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.dist.World;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.FlatStore;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.optim.Adagrad;
import dev.jumbo.train.optim.Adam;
import dev.jumbo.train.optim.AdamW;
import dev.jumbo.train.optim.GradientClipping;
import dev.jumbo.train.optim.Lion;
import dev.jumbo.train.optim.Muon;
import dev.jumbo.train.optim.Optimizer;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.Optimizers;
import dev.jumbo.train.optim.Penalty;
import dev.jumbo.train.optim.RmsProp;
import dev.jumbo.train.optim.Sgd;
import dev.jumbo.train.optim.WeightAverage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ShardTest {
    private static final Sequential LAYERS = Sequential.of(dense(67, RELU), batchNorm(), dense(41, RELU), dense(5));
    private static final int INPUTS = 13;
    private static final int ROWS = 12;
    private static final double BUCKET_MB = 0.004;

    static Stream<Arguments> optimizers() {
        return Stream.of(
                Arguments.of(new Sgd(0.1, 0, false, 0.05, 0, false)),
                Arguments.of(new Sgd(0.1, 0.9, true, 0.05, 0, true)),
                Arguments.of(new Adam(0.01, 0.8, 0.95, 1e-6, 0.1, false)),
                Arguments.of(new AdamW(0.01, 0.9, 0.999, 1e-8, 0.1, false)),
                Arguments.of(new RmsProp(0.01, 0.9, 0.9, true, 1e-8, 0.05, false)),
                Arguments.of(new Adagrad(0.05, 0.1, 0.2, 1e-8, 0.05, false)),
                Arguments.of(new Lion(0.01, 0.95, 0.98, 0.1, false)));
    }

    @Test
    void every_kind_of_optimizer_is_tested_here() {
        assertThat(Stream.concat(
                                optimizers().<Class<?>>map(a -> a.get()[0].getClass()),
                                Stream.of(Muon.class)) // needs whole matrices, and refuses shards: MuonTest
                        .distinct())
                .hasSameElementsAs(Optimizers.kinds());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void gives_the_bits_of_one_worker_on_two_and_three(Optimizer optimizer) {
        float[] expected = alone(optimizer, false);
        for (int size : new int[] {2, 3}) {
            for (float[] values : together(size, optimizer, false)) {
                assertThat(values).as("on %d workers", size).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void gives_the_bits_of_one_worker_in_bf16_too(Optimizer optimizer) {
        float[] expected = alone(optimizer, true);
        for (int size : new int[] {2, 3}) {
            for (float[] values : together(size, optimizer, true)) {
                assertThat(values).as("on %d workers", size).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest(name = "{0} workers, bf16: {1}")
    @CsvSource({"2, false", "4, false", "2, true", "4, true"})
    void holds_the_bytes_of_the_formula(int size, boolean bf16) {
        Sequential layers = Sequential.of(dense(1000, RELU), batchNorm(), dense(1000, RELU), dense(10));
        double expected = bf16 ? 4 + 12.0 / size : 8 + 8.0 / size;
        List<Model> models = models(layers, 200, size);
        long parameters = models.get(0).store().whole().length();
        long before = NativeMemory.liveBytes() - size * 4 * parameters;
        List<Long> total = ThreadWorlds.run(size, world -> {
            FlatStore store = models.get(world.rank()).store();
            try (Shard shard = Shard.prepare(store, world, bf16, 4);
                    OptimizerState adam = Optimizers.adam(0.01).build(shard)) {
                try (Scope scope = Scope.open()) {
                    if (bf16) {
                        shard.finish();
                    }
                    adam.step(0.01);
                }
                world.barrier();
                long bytes = NativeMemory.liveBytes() - before; // of all ranks, which are threads of this process
                world.barrier();
                return bytes;
            }
        });
        models.forEach(Model::close);
        double perParameter = (double) total.get(0) / size / parameters;
        assertThat(perParameter).isCloseTo(expected, within(0.01 * expected));
    }

    @Test
    void clips_by_the_norm_of_all_parts_and_adds_penalties() {
        float[] alone = steps(models(LAYERS, INPUTS, 1).get(0), null, Optimizers.sgd(0.1), false, true);
        List<Model> models = models(LAYERS, INPUTS, 3);
        List<float[]> each =
                ThreadWorlds.run(3, world -> steps(models.get(world.rank()), world, Optimizers.sgd(0.1), false, true));
        for (float[] values : each) {
            assertThat(values).containsExactly(alone, within(1e-6f));
            assertThat(values).isEqualTo(each.get(0));
        }
    }

    @Test
    void averages_its_part_and_puts_the_whole_average_in_the_place_of_the_model() {
        List<Model> models = models(LAYERS, INPUTS, 3);
        List<List<float[]>> seen = ThreadWorlds.run(3, world -> averaged(models.get(world.rank()), world));
        List<float[]> expected = averaged(models(LAYERS, INPUTS, 1).get(0), null);
        for (List<float[]> of : seen) {
            assertThat(of).hasSize(2);
            assertThat(of.get(0)).isEqualTo(expected.get(0));
            assertThat(of.get(1)).isEqualTo(expected.get(1));
        }
    }

    /** The values with the average in their place, and after. */
    private static List<float[]> averaged(Model model, @Nullable World world) {
        FlatStore store = model.store();
        FlatSlice slice = slice(store, world, false);
        List<float[]> seen = new ArrayList<>();
        try (WeightAverage average = new WeightAverage(slice, store.buffers(), 0.75);
                Scope scope = Scope.open()) {
            for (int i = 0; i < 3; i++) {
                slice.values().mul_(1.5);
                slice.valuesChanged();
                average.update();
            }
            try (WeightAverage.Use use = average.use()) {
                seen.add(store.values().toFloats());
            }
            seen.add(store.values().toFloats());
        }
        return seen;
    }

    private static float[] alone(Optimizer optimizer, boolean bf16) {
        return steps(models(LAYERS, INPUTS, 1).get(0), null, optimizer, bf16, false);
    }

    private static List<float[]> together(int size, Optimizer optimizer, boolean bf16) {
        List<Model> models = models(LAYERS, INPUTS, size);
        return ThreadWorlds.run(size, world -> steps(models.get(world.rank()), world, optimizer, bf16, false));
    }

    /** Made one after the other, as their first values come from libtorch's only generator. */
    private static List<Model> models(Sequential layers, int inputs, int number) {
        return Stream.generate(() -> Model.build(layers, Shape.of(inputs), RandomState.of(3)))
                .limit(number)
                .toList();
    }

    private static FlatSlice slice(FlatStore store, @Nullable World world, boolean bf16) {
        if (world != null) {
            return Shard.prepare(store, world, bf16, BUCKET_MB);
        }
        store.prepareTraining(bf16);
        return store;
    }

    /**
     * Ten steps. The first rank sees the whole batch and the others add zeros, so that the sum of gradients has the bits of
     * the gradient on one worker.
     *
     * @return the fp32 values at the end
     */
    private static float[] steps(
            Model model, @Nullable World world, Optimizer optimizer, boolean bf16, boolean clipped) {
        FlatStore store = model.store();
        FlatSlice slice = slice(store, world, bf16);
        try (OptimizerState state = optimizer.build(slice)) {
            for (int step = 0; step < 10; step++) {
                try (Scope scope = Scope.open()) {
                    store.zeroGradients();
                    Tensor x = input(step);
                    Tensor loss = Losses.mse().of(model.forward(x, Pass.forTraining()), Tensor.ones(Shape.of(ROWS, 5)));
                    (world == null || world.rank() == 0 ? loss : loss.mul(0)).backward();
                    store.gatherGradients();
                    if (slice instanceof Shard shard && bf16) {
                        shard.finish();
                    } else if (world != null) {
                        world.allReduceSum(store.gradients()).await();
                    }
                    if (clipped) {
                        new Penalty(1e-3, 1e-2).addToGradients(slice);
                        GradientClipping clipping = new GradientClipping(0.5, 0.1);
                        if (slice instanceof Shard shard) {
                            clipping.apply(slice.gradients(), shard::sum);
                        } else {
                            clipping.apply(slice.gradients());
                        }
                    }
                    state.step(optimizer.learningRate());
                }
            }
        }
        try (Scope scope = Scope.open()) {
            return slice instanceof Shard shard
                    ? shard.gather(store.whole()).toFloats()
                    : store.values().toFloats();
        } finally {
            if (slice instanceof Shard shard && world != null) {
                world.barrier(); // the others read this rank's memory
                shard.close();
            }
            model.close();
        }
    }

    private static Tensor input(int step) {
        float[] values = new float[ROWS * INPUTS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(1.3 * i + step);
        }
        return Tensor.of(values, Shape.of(ROWS, INPUTS));
    }
}
