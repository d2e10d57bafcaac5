package dev.jumbo.train.shard;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.Workers;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.dist.World;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.Scope;
import dev.jumbo.train.DistributedConfig;
import dev.jumbo.train.DistributedConfig.Strategy;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.TrainConfig.Checkpoints;
import dev.jumbo.train.TrainConfig.Precision;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.RunDirectory;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.optim.Optimizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trainings whose workers are threads. All but the first part of a run are resumed, so first values do not depend on them. */
class ZeroTrainingTest {
    static final Dataset DATA = Digits.draw(200, 0, 3).train();
    private static final int LAST = 30; // 3 epochs of 10 steps

    @TempDir
    Path runs;

    @ParameterizedTest
    @EnumSource(Precision.class)
    void goes_on_from_any_number_of_workers_and_any_strategy(Precision precision) {
        Path whole = runs.resolve("whole");
        train(1, Strategy.DATA_PARALLEL, precision, whole, 0);

        Path run = runs.resolve("run");
        train(1, Strategy.DATA_PARALLEL, precision, run, 4);
        train(2, Strategy.ZERO1, precision, run, 8);
        assertThat(names(run, 8))
                .contains("optimizer-00000-of-00002.safetensors", "optimizer-00001-of-00002.safetensors")
                .doesNotContain("optimizer.safetensors");
        train(1, Strategy.DATA_PARALLEL, precision, run, 12);
        assertThat(names(run, 12)).contains("optimizer.safetensors");
        train(3, Strategy.ZERO1, precision, run, 18);
        assertThat(names(run, 18)).contains("optimizer-00002-of-00003.safetensors");
        train(2, Strategy.DATA_PARALLEL, precision, run, 22);
        train(2, Strategy.ZERO1, precision, run, 0);

        // Sums over workers round differently; in bf16 each worker's gradients are rounded to three digits before,
        // and Adam makes as much of small ones as of large ones.
        double relative = precision == Precision.FP32 ? 1e-5 : 0.15;
        assertClose(weights(run), weights(whole), relative);
        Checkpoint last = Checkpoint.latest(run);
        assertThat(last.trainer().step()).isEqualTo(LAST);
        assertThat(loss(run)).isCloseTo(loss(whole), within(0.05 * loss(whole)));
    }

    @Test
    void is_the_same_in_processes_of_their_own() {
        for (Workers.Ended worker : Workers.run(2, ZeroWorker.class, runs.toString())) {
            assertThat(worker.exit()).as(worker.output()).isZero();
        }
        Path whole = runs.resolve("whole");
        train(1, Strategy.DATA_PARALLEL, Precision.FP32, whole, 0);
        assertClose(weights(runs.resolve("FP32")), weights(whole), 1e-5);
        assertThat(names(runs.resolve("BF16"), LAST)).contains("optimizer-00001-of-00002.safetensors");
        assertThat(loss(runs.resolve("BF16"))).isCloseTo(loss(whole), within(0.05 * loss(whole)));
    }

    private static double loss(Path run) {
        return Evaluator.evaluate(Checkpoint.latest(run), DATA, Metrics.accuracy())
                .getOrDefault("loss", Double.NaN);
    }

    @Test
    void only_the_first_worker_writes_and_each_its_shard() throws IOException {
        Path first = runs.resolve("first");
        Path other = runs.resolve("other");
        ThreadWorlds.run(2, world -> {
            Trainer trainer = trainer(world, Strategy.DATA_PARALLEL, Precision.FP32)
                    .saveTo(world.isFirst() ? first : other)
                    .build();
            if (world.isFirst()) {
                return trainer.fit(DATA);
            }
            // With a directory of its own, rank 1 does not find what it has not written.
            return assertThatThrownBy(() -> trainer.fit(DATA)).hasMessageContaining("found none at " + other);
        });
        assertThat(files(first)).contains("metrics.jsonl");
        assertThat(files(other)).as("written by rank 1").isEmpty();

        Path shared = runs.resolve("shared");
        train(2, Strategy.ZERO1, Precision.FP32, shared, 0);
        assertThat(files(shared))
                .containsExactlyInAnyOrderElementsOf(files(first).stream()
                        .flatMap(name -> name.endsWith("optimizer.safetensors")
                                ? Stream.of("00000", "00001")
                                        .map(rank -> name.replace("optimizer.", "optimizer-" + rank + "-of-00002."))
                                : Stream.of(name))
                        .toList());
        assertThat(Files.readAllLines(shared.resolve("metrics.jsonl")))
                .hasSameSizeAs(Files.readAllLines(first.resolve("metrics.jsonl")));
    }

    private static List<String> files(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void refuses_missing_short_and_foreign_shards_by_name() throws IOException {
        Path run = runs.resolve("run");
        train(1, Strategy.DATA_PARALLEL, Precision.FP32, run, 4);
        train(2, Strategy.ZERO1, Precision.FP32, run, 12);
        Path directory = Checkpoint.latest(run).directory();
        Path before = run.resolve("checkpoints/step-00000008");
        String name = "optimizer-00001-of-00002.safetensors";
        byte[] content = Files.readAllBytes(directory.resolve(name));
        String manifest = Files.readString(directory.resolve("manifest.json"));

        Files.delete(directory.resolve(name));
        refuses(directory, name, "missing");
        Files.write(directory.resolve(name), Arrays.copyOf(content, content.length / 2));
        refuses(directory, name, "bytes");
        Files.copy(before.resolve(name), directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        refuses(directory, name, "SHA-256");

        // A manifest that is sound in itself does not help what does not fit together.
        Files.writeString(directory.resolve("manifest.json"), manifest.replace("00001-of-00002", "00001-of-00003"));
        Files.write(directory.resolve("optimizer-00001-of-00003.safetensors"), content);
        refuses(directory, "does not list optimizer-", "of-00003");
        Path first = directory.resolve("optimizer-00000-of-00002.safetensors");
        Files.copy(first, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        String twice = manifest.replace(entry(manifest, name), entry(manifest, "optimizer-00000-of-00002.safetensors"));
        Files.writeString(directory.resolve("manifest.json"), twice);
        refuses(directory, name, "another file has its values");

        assertThat(new RunDirectory(run).newestSound().trainer().step()).isEqualTo(10);
    }

    /** Length and hash of a file, as the manifest has them. */
    private static String entry(String manifest, String file) {
        int at = manifest.indexOf('{', manifest.indexOf(file)); // the key of its entry
        return manifest.substring(at, manifest.indexOf('}', at) + 1);
    }

    @Test
    void all_workers_stop_where_the_weights_of_one_are_not_finite() {
        assertThatThrownBy(() -> ThreadWorlds.run(
                        2,
                        world -> trainer(world, Strategy.ZERO1, Precision.FP32)
                                .optimizer(Optimizers.sgd(1e38))
                                .saveTo(runs.resolve("run"))
                                .build()
                                .fit(DATA)))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("finite");
    }

    @Test
    void a_state_of_another_optimizer_is_refused() {
        Path run = runs.resolve("run");
        train(1, Strategy.DATA_PARALLEL, Precision.FP32, run, 4);
        assertThatThrownBy(() -> ThreadWorlds.run(
                        2,
                        world -> trainer(world, Strategy.ZERO1, Precision.FP32)
                                .optimizer(Optimizers.sgd(0.1, 0.9))
                                .saveTo(run)
                                .build()
                                .fit(DATA)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("optimizer was {\"adam\"")
                .hasMessageContaining("now {\"sgd\"");
    }

    private static void refuses(Path directory, String... parts) {
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(FailureException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    }

    /** @param until the step behind which it breaks off, saved every 4 steps; 0 for the end */
    private static void train(int size, Strategy strategy, Precision precision, Path run, int until) {
        try {
            ThreadWorlds.run(
                    size,
                    world -> trainer(world, strategy, precision)
                            .callback(new Interrupt(until))
                            .saveTo(run)
                            .build()
                            .fit(DATA));
        } catch (Interrupted e) {
            assertThat(Checkpoint.latest(run).trainer().step()).isEqualTo(until);
        }
    }

    static TrainerBuilder trainer(World world, Strategy strategy, Precision precision) {
        return Trainer.of(Sequential.of(flatten(), dense(32, RELU), batchNorm(), dense(10)))
                .optimizer(Optimizers.adam(1e-3))
                .epochs(3)
                .batchSize(20)
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
