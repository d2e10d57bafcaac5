package dev.jumbo.train.shard;

import static dev.jumbo.nn.Activation.GELU;
import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.dist.World;
import dev.jumbo.error.FailureException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.Scope;
import dev.jumbo.train.DistributedConfig;
import dev.jumbo.train.DistributedConfig.Strategy;
import dev.jumbo.train.TrainConfig.Checkpoints;
import dev.jumbo.train.TrainConfig.Precision;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.RunDirectory;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings whose workers are threads that divide everything, compared with those that do not. */
class FullShardTrainingTest {
    private static final Dataset DATA = Digits.draw(200, 0, 3).train();
    private static final int LAST = 30; // 3 epochs of 10 steps

    @TempDir
    Path runs;

    private static Layer images() {
        return Sequential.of(flatten(), dense(32, RELU), batchNorm(), dense(16, RELU), dense(10));
    }

    /** Without dropout, as each worker draws its own. */
    private static Layer blocks() {
        return Sequential.of(
                Layers.reshape(28, 28),
                dense(16),
                new TransformerBlock(2, 32, false, 0, GELU, true),
                new TransformerBlock(2, 32, false, 0, GELU, true),
                Layers.layerNorm(),
                flatten(),
                dense(10));
    }

    @ParameterizedTest
    @CsvSource({"2, false", "3, false", "2, true", "3, true"})
    void losses_of_a_hundred_steps_are_those_of_data_parallel_training(int workers, boolean recompute) {
        List<Double> expected = losses(1, Strategy.DATA_PARALLEL, false);
        List<Double> received = losses(workers, Strategy.FULLY_SHARDED, recompute);
        assertThat(received).hasSize(100);
        for (int i = 0; i < 100; i++) {
            assertThat(received.get(i)).as("step " + (i + 1)).isCloseTo(expected.get(i), within(1e-5));
        }
    }

    private List<Double> losses(int workers, Strategy strategy, boolean recompute) {
        List<Double> losses = new ArrayList<>();
        Path run = runs.resolve(strategy + " " + workers);
        ThreadWorlds.run(
                workers,
                world -> trainer(blocks(), world, strategy, Precision.FP32)
                        .epochs(10)
                        .optimizer(Optimizers.sgd(0.02, 0.9))
                        .recompute(recompute)
                        .callback(new Callback() {
                            @Override
                            public void onStep(TrainingState state) {
                                if (world.isFirst()) {
                                    losses.add(state.loss());
                                }
                            }
                        })
                        .saveTo(run)
                        .build()
                        .fit(DATA));
        return losses;
    }

    @ParameterizedTest
    @CsvSource({"FP32, false", "FP32, true", "BF16, false", "BF16, true"})
    void goes_on_from_any_number_of_workers_and_any_strategy(Precision precision, boolean recompute) {
        Path whole = runs.resolve("whole");
        train(1, Strategy.DATA_PARALLEL, precision, false, whole, 0);
        Path run = runs.resolve("run");
        train(3, Strategy.FULLY_SHARDED, precision, recompute, run, 4);
        assertThat(names(run, 4)).contains("optimizer-00002-of-00003.safetensors");
        train(2, Strategy.FULLY_SHARDED, precision, recompute, run, 8);
        train(1, Strategy.DATA_PARALLEL, precision, recompute, run, 12);
        train(2, Strategy.FULLY_SHARDED, precision, recompute, run, 18);
        train(2, Strategy.ZERO1, precision, recompute, run, 22);
        train(3, Strategy.FULLY_SHARDED, precision, recompute, run, 0);
        // Sums over workers round differently, of which Adam makes more where gradients are small; in bf16 each
        // worker's
        // gradients are rounded to three digits before.
        assertClose(weights(run), weights(whole), precision == Precision.FP32 ? 1e-4 : 0.15);
        assertThat(Checkpoint.latest(run).trainer().step()).isEqualTo(LAST);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void a_resumed_run_is_the_same_to_the_bit_with_as_many_workers(int workers) {
        Path whole = runs.resolve("whole");
        train(workers, Strategy.FULLY_SHARDED, Precision.FP32, false, whole, 0);
        Path run = runs.resolve("run");
        train(workers, Strategy.FULLY_SHARDED, Precision.FP32, false, run, 8);
        train(workers, Strategy.FULLY_SHARDED, Precision.FP32, true, run, 0);
        weights(whole)
                .forEach((name, values) ->
                        assertThat(weights(run).get(name)).as(name).containsExactly(values));
    }

    @Test
    void nothing_stays_in_memory() {
        int before = NativeMemory.liveTensors();
        train(2, Strategy.FULLY_SHARDED, Precision.BF16, true, runs.resolve("a"), 0);
        train(2, Strategy.FULLY_SHARDED, Precision.FP32, false, runs.resolve("b"), 0);
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
    }

    @Test
    void all_workers_stop_where_the_weights_of_one_are_not_finite() {
        assertThatThrownBy(() -> ThreadWorlds.run(
                        2,
                        world -> trainer(images(), world, Strategy.FULLY_SHARDED, Precision.FP32)
                                .optimizer(Optimizers.sgd(1e38))
                                .saveTo(runs.resolve("run"))
                                .build()
                                .fit(DATA)))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("finite");
    }

    /** @param until the step behind which it breaks off, saved every 4 steps; 0 for the end */
    private static void train(
            int size, Strategy strategy, Precision precision, boolean recompute, Path run, int until) {
        try {
            ThreadWorlds.run(
                    size,
                    world -> trainer(images(), world, strategy, precision)
                            .recompute(recompute)
                            .callback(new Interrupt(until))
                            .saveTo(run)
                            .build()
                            .fit(DATA));
        } catch (Interrupted e) {
            assertThat(Checkpoint.latest(run).trainer().step()).isEqualTo(until);
        }
    }

    private static TrainerBuilder trainer(Layer model, World world, Strategy strategy, Precision precision) {
        return Trainer.of(model)
                .optimizer(Optimizers.adam(1e-3))
                .epochs(3)
                .batchSize(20)
                .gradientAccumulation(1)
                .maxGradNorm(0.8)
                .penalty(1e-5, 1e-4)
                .emaDecay(0.9)
                .precision(precision)
                .seed(7)
                .checkpoints(new Checkpoints(2, 3))
                .distributed(new DistributedConfig(strategy, true, 0.01, 4, 30, 3, null))
                .world(world)
                .resume(true);
    }

    private static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Just after a step that was saved: at its next one. */
    private record Interrupt(int until) implements Callback {
        @Override
        public void onStep(TrainingState state) {
            if (until > 0 && state.step() == until + 1) {
                throw new Interrupted();
            }
        }
    }

    private static List<String> names(Path run, long step) {
        return new RunDirectory(run)
                .ofStep(step).manifest().files().keySet().stream().toList();
    }

    private static Map<String, float[]> weights(Path run) {
        Map<String, float[]> weights = new LinkedHashMap<>();
        try (Scope scope = Scope.open()) {
            Checkpoint.latest(run).weights().forEach((name, tensor) -> weights.put(name, tensor.toFloats()));
        }
        return weights;
    }

    private static void assertClose(Map<String, float[]> received, Map<String, float[]> expected, double relative) {
        assertThat(received.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, values) -> {
            double largest = 0;
            for (float value : values) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertThat(received.get(name)).as(name).containsExactly(values, within((float) (relative * largest)));
        });
    }
}
