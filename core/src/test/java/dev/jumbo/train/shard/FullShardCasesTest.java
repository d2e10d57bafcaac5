package dev.jumbo.train.shard;

import static dev.jumbo.nn.Activation.GELU;
import static dev.jumbo.nn.Activation.TANH;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.dist.World;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.nn.weights.ParameterGroup;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.Scope;
import dev.jumbo.train.DistributedConfig;
import dev.jumbo.train.DistributedConfig.Strategy;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way to train that fully sharded training knows gives what one worker without it gives: losses, weights and metrics. */
class FullShardCasesTest {
    /** Batches of 66 leave 2 for the last one, and batches of 13 one of 40: fewer than workers. */
    private static final Dataset DATA = Digits.draw(200, 0, 3).train();

    @TempDir
    Path runs;

    /** What differs from the plain training. */
    @SuppressWarnings("ImmutableEnumChecker")
    private enum Case {
        ACCUMULATION(blocks(), t -> t.gradientAccumulation(3)),
        FROZEN_FIRST_LAYERS(blocks(), t -> t.parameterGroups(ParameterGroup.frozen("layers.{1,2}*"))),
        FROZEN_BLOCK_IN_THE_MIDDLE(blocks(), t -> t.parameterGroups(ParameterGroup.frozen("layers.3*"))),
        FROZEN_LAST_LAYER(blocks(), t -> t.parameterGroups(ParameterGroup.frozen("layers.6*"))),
        FROZEN_ALL_BUT_BIASES(
                blocks(), t -> t.parameterGroups(ParameterGroup.scaled("*bias", 1), ParameterGroup.frozen("*"))),
        GROUPS_WITH_THEIR_OWN_RATES(
                blocks(),
                t -> t.parameterGroups(
                        ParameterGroup.scaled("layers.2*", 0.1).weightDecay(0.3),
                        ParameterGroup.of("*bias", 0.05),
                        ParameterGroup.frozen("layers.5*"))),
        TIED_IN_TWO_BLOCKS(tied(), t -> t),
        TIED_IN_ONE_BLOCK(tiedInside(), t -> t),
        TIED_AND_ACCUMULATED_WITH_PENALTIES(
                tied(), t -> t.gradientAccumulation(2).penalty(1e-4, 1e-4).emaDecay(0.9)),
        TIED_AND_FROZEN(tied(), t -> t.parameterGroups(ParameterGroup.frozen("layers.1.weight"))),
        BRANCHES(branches(), t -> t),
        A_WORKER_WITHOUT_ROWS(blocks(), t -> t.batchSize(66)),
        A_WORKER_WITHOUT_ROWS_AND_ACCUMULATION(blocks(), t -> t.batchSize(66).gradientAccumulation(2)),
        A_WORKER_WITHOUT_ROWS_AND_FROZEN_LAYERS(
                blocks(), t -> t.batchSize(66).parameterGroups(ParameterGroup.frozen("layers.{1,3}*"))),
        A_WORKER_WITHOUT_ROWS_AND_TIED(tied(), t -> t.batchSize(66)),
        A_WORKER_WITHOUT_ROWS_AND_BRANCHES(branches(), t -> t.batchSize(66)),
        A_WORKER_WITHOUT_ROWS_IN_VALIDATION(
                blocks(), t -> t.validationSplit(0.2).validationBatchSize(13)),
        CLIPPING_BY_VALUE(blocks(), t -> t.maxGradValue(0.01));

        private final Layer model;
        private final UnaryOperator<TrainerBuilder> how;

        Case(Layer model, UnaryOperator<TrainerBuilder> how) {
            this.model = model;
            this.how = how;
        }
    }

    private static Layer blocks() {
        return Sequential.of(
                Layers.reshape(28, 28),
                dense(16),
                new TransformerBlock(2, 32, false, 0, GELU, true),
                new TransformerBlock(2, 32, false, 0, GELU, true),
                flatten(),
                dense(12, TANH),
                dense(10));
    }

    private static Layer tied() {
        return Sequential.of(
                Layers.reshape(28, 28),
                dense(28, TANH),
                new TransformerBlock(2, 32, false, 0, GELU, true),
                Layers.tiedDense(28, "layers.1.weight"),
                new TransformerBlock(2, 32, false, 0, GELU, true),
                Layers.tiedDense(28, "layers.1.weight"),
                flatten(),
                dense(10));
    }

    private static Layer tiedInside() {
        return Sequential.of(
                Layers.reshape(28, 28),
                Sequential.of(dense(28, TANH), Layers.tiedDense(28, "layers.0.weight")),
                dense(9, TANH),
                Layers.residual(dense(9, TANH), Layers.tiedDense(9, "layers.0.weight")),
                flatten(),
                dense(10));
    }

    private static Layer branches() {
        return Sequential.of(
                flatten(),
                Graph.of(g -> {
                    String x = g.input("x");
                    String h = g.add("h", dense(16, TANH), x);
                    String left = g.add("left", dense(16, TANH), h);
                    String first = g.add("first", dense(20, TANH), h);
                    String right = g.add("right", dense(16, TANH), first);
                    g.output(g.add("joined", Layers.concatenate(), left, right, h));
                }),
                dense(10));
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void gives_the_losses_weights_and_metrics_of_data_parallel_training(Case given) {
        int before = NativeMemory.liveTensors();
        Path plain = runs.resolve("plain");
        List<Double> expected = train(given, 1, Strategy.DATA_PARALLEL, false, plain);
        for (boolean recompute : new boolean[] {false, true}) {
            String name = recompute ? "recomputing" : "keeping";
            Path run = runs.resolve(name);
            assertSame(train(given, 3, Strategy.FULLY_SHARDED, recompute, run), expected, name);
            assertSameWeights(run, plain, name);
        }
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
    }

    /** @return the loss of each step and the metrics of each epoch, as the last worker has them */
    private static List<Double> train(Case given, int workers, Strategy strategy, boolean recompute, Path run) {
        List<Double> figures = new ArrayList<>();
        ThreadWorlds.run(
                workers,
                world -> given.how
                        .apply(trainer(given.model, world, strategy))
                        .recompute(recompute)
                        .callback(world.rank() == workers - 1 ? collecting(figures) : new Callback() {})
                        .saveTo(run)
                        .build()
                        .fit(DATA));
        assertThat(figures).hasSizeGreaterThan(10);
        return figures;
    }

    private static Callback collecting(List<Double> figures) {
        return new Callback() {
            @Override
            public void onStep(TrainingState state) {
                figures.add(state.loss());
            }

            @Override
            public void onEpoch(TrainingState state, Map<String, Double> metrics) {
                metrics.forEach((name, value) -> {
                    if (name.contains("loss")) {
                        figures.add(value);
                    }
                });
            }
        };
    }

    private static TrainerBuilder trainer(Layer model, World world, Strategy strategy) {
        return Trainer.of(model)
                .optimizer(Optimizers.sgd(0.02, 0.9))
                .epochs(4)
                .batchSize(20)
                .maxGradNorm(0.8)
                .seed(7)
                .distributed(new DistributedConfig(strategy, false, 0.01, 4, 30, 3, null))
                .world(world);
    }

    private static void assertSame(List<Double> received, List<Double> expected, String name) {
        assertThat(received).as(name).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(received.get(i)).as(name + ", figure " + (i + 1)).isCloseTo(expected.get(i), within(1e-5));
        }
    }

    private static void assertSameWeights(Path run, Path plain, String name) {
        Map<String, float[]> expected = weights(plain);
        Map<String, float[]> received = weights(run);
        assertThat(received.keySet()).as(name).isEqualTo(expected.keySet());
        expected.forEach((parameter, values) ->
                assertThat(received.get(parameter)).as(name + ", " + parameter).containsExactly(values, within(1e-5f)));
    }

    private static Map<String, float[]> weights(Path run) {
        Map<String, float[]> weights = new LinkedHashMap<>();
        try (Scope scope = Scope.open()) {
            Checkpoint.latest(run).weights().forEach((name, tensor) -> weights.put(name, tensor.toFloats()));
        }
        return weights;
    }
}
