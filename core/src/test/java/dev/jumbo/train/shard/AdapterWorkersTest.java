package dev.jumbo.train.shard;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.dist.World;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.adapt.Lora;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.weights.Storage;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.DistributedConfig;
import dev.jumbo.train.DistributedConfig.Strategy;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.adapt.AdapterRuns;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdapterWorkersTest {
    private static final Layer MODEL =
            Sequential.of(Layers.dense(32, Activation.RELU), Layers.dense(32, Activation.RELU), Layers.dense(2));

    @TempDir
    Path runs;

    private static Dataset points(long seed) {
        SplittableRandom random = RandomState.of(seed).generator();
        float[] points = new float[160];
        long[] labels = new long[80];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 2;
            points[2 * i] = (float) (labels[i] + 0.2 * random.nextGaussian());
            points[2 * i + 1] = (float) random.nextGaussian();
        }
        return ArrayDataset.of(
                Field.floats("point", Shape.of(2)), points, Field.classId("class", List.of("a", "b")), labels);
    }

    private TrainerBuilder trainer(String run) {
        return Trainer.of(MODEL)
                .optimizer(Optimizers.sgd(0.05, 0.9))
                .epochs(3)
                .batchSize(16)
                .seed(7)
                .saveTo(runs.resolve(run));
    }

    private static Lora lora(Storage storage) {
        return new Lora(
                2,
                8,
                0,
                List.of(Lora.ALL_LINEAR),
                List.of(),
                false,
                false,
                Lora.Bias.NONE,
                List.of(),
                Map.of(),
                Map.of(),
                storage,
                16);
    }

    private Checkpoint train(World world, Strategy strategy, Storage storage, String run, boolean resume, int epochs) {
        return trainer(run)
                .world(world)
                .distributed(new DistributedConfig(strategy, true, 0.01, 4, 30, 3, null))
                .initFrom(runs.resolve("base"))
                .adapter(lora(storage))
                .resume(resume)
                .epochs(epochs)
                .build()
                .fit(points(2));
    }

    private Map<String, float[]> values(Path run) {
        Map<String, float[]> values = new TreeMap<>();
        try (Scope scope = Scope.open()) {
            Checkpoint.latest(run)
                    .own()
                    .tensors()
                    .forEach((name, stored) ->
                            values.put(name, stored.read().get().toFloats()));
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({"DATA_PARALLEL, FP32", "ZERO1, FP32", "FULLY_SHARDED, FP32", "ZERO1, INT4", "FULLY_SHARDED, INT4"})
    void workers_train_the_adapter_that_one_does_and_the_base_stays_out_of_their_checkpoint(
            Strategy strategy, Storage storage) {
        trainer("base").build().fit(points(1));
        ThreadWorlds.run(1, world -> train(world, Strategy.DATA_PARALLEL, storage, "one", false, 4));
        ThreadWorlds.run(2, world -> train(world, strategy, storage, "two", false, 2));
        ThreadWorlds.run(2, world -> train(world, strategy, storage, "two", true, 4));
        Map<String, float[]> one = values(runs.resolve("one"));
        Map<String, float[]> two = values(runs.resolve("two"));
        assertThat(two).containsOnlyKeys(one.keySet());
        assertThat(two.keySet()).allMatch(name -> name.contains("lora_"));
        one.forEach((name, values) -> {
            for (int i = 0; i < values.length; i++) {
                assertThat(requireNonNull(two.get(name))[i]).as(name).isCloseTo(values[i], within(1e-4f));
            }
        });
        assertThat(AdapterRuns.merge(Checkpoint.latest(runs.resolve("two")), runs.resolve("merged"))
                        .description()
                        .model())
                .isEqualTo(MODEL);
    }
}
