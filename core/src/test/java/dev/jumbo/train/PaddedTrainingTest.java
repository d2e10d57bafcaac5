package dev.jumbo.train;

import static dev.jumbo.nn.layers.Layers.dense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.data.sets.WeightedDataset;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.dist.World;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.sequence.PositionalEmbedding;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.TrainConfig.Checkpoints;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transformer over texts of different lengths: whatever is padded, in whatever batches, loss and steps are the same. */
class PaddedTrainingTest {
    private static final int WORDS = 20;
    private static final int LONGEST = 24;
    private static final int SIZE = 60;

    @TempDir
    private Path dir;

    private static RaggedDataset texts() {
        SplittableRandom random = new SplittableRandom(8);
        long[][] words = new long[SIZE][];
        long[][] next = new long[SIZE][];
        for (int i = 0; i < SIZE; i++) {
            int length = 1 + random.nextInt(LONGEST);
            long first = random.nextInt(WORDS);
            words[i] = IntStream.range(0, length)
                    .mapToLong(t -> (first + 3L * t) % WORDS)
                    .toArray();
            next[i] = IntStream.range(0, length)
                    .mapToLong(t -> (first + 3L * t + 3) % WORDS)
                    .toArray();
        }
        return RaggedDataset.of(
                Field.tokens("words", WORDS, 0, LONGEST),
                words,
                Field.ids("next", Shape.of(LONGEST)).ragged(LONGEST),
                next);
    }

    private TrainerBuilder trainer(String run) {
        return Trainer.of(Sequential.of(
                        Embedding.of(WORDS, 16),
                        PositionalEmbedding.of(LONGEST),
                        new TransformerBlock(2, 32, true, 0.0, Activation.GELU, true),
                        dense(WORDS)))
                .optimizer(Optimizers.sgd(0.5))
                .loss(Losses.sequenceCrossEntropy(-100))
                .metrics(Metrics.accuracy())
                .epochs(2)
                .seed(5)
                .bucketing(false) // The same order for all.
                .saveTo(dir.resolve(run));
    }

    @Test
    void padded_batches_make_the_steps_and_the_loss_of_unpadded_ones() {
        Checkpoint unpadded = trainer("unpadded")
                .batchSize(1)
                .gradientAccumulation(12)
                .build()
                .fit(texts());
        assertThat(loss(unpadded)).isLessThan(3);
        for (int[] setting : new int[][] {{12, 1, 1}, {4, 3, 1}, {12, 1, 8}, {6, 2, 5}}) {
            Checkpoint padded = trainer("padded-" + setting[0] + "-" + setting[2])
                    .batchSize(setting[0])
                    .gradientAccumulation(setting[1])
                    .padToMultipleOf(setting[2])
                    .build()
                    .fit(texts());
            assertThat(loss(padded)).isCloseTo(loss(unpadded), within(1e-6));
            assertSame(unpadded, padded);
        }
    }

    @Test
    void so_do_several_workers_with_accumulation() {
        Checkpoint one = trainer("one").batchSize(12).build().fit(texts());
        for (int workers : new int[] {2, 3}) {
            List<Checkpoint> together = ThreadWorlds.run(workers, world -> fit(world, "together-" + workers));
            assertThat(loss(together.get(0))).isCloseTo(loss(one), within(1e-6));
            assertSame(one, together.get(0));
        }
    }

    private Checkpoint fit(World world, String run) {
        return trainer(run)
                .batchSize(4)
                .gradientAccumulation(3)
                .world(world)
                .build()
                .fit(texts());
    }

    @Test
    void weights_of_examples_count_by_their_tokens() {
        double[] weights = IntStream.range(0, SIZE).mapToDouble(i -> i % 3).toArray();
        Dataset weighted = WeightedDataset.of(texts(), weights);
        Checkpoint unpadded = trainer("unpadded")
                .batchSize(1)
                .gradientAccumulation(12)
                .build()
                .fit(weighted);
        Checkpoint padded = trainer("padded").batchSize(12).build().fit(weighted);
        assertThat(loss(padded)).isCloseTo(loss(unpadded), within(1e-6));
        assertSame(unpadded, padded);
    }

    @Test
    void evaluation_does_not_know_how_examples_are_batched() {
        Checkpoint best = trainer("run").batchSize(12).build().fit(texts());
        Map<String, Double> alone = Evaluator.evaluate(
                best, texts(), 1, List.of(Metrics.accuracy(), Metrics.perplexity()), predictions -> {});
        for (int batch : new int[] {2, 7, SIZE}) {
            Map<String, Double> padded = Evaluator.evaluate(
                    best, texts(), batch, List.of(Metrics.accuracy(), Metrics.perplexity()), predictions -> {});
            padded.forEach((name, value) ->
                    assertThat(value).as(name).isCloseTo(alone.get(name), within(1e-6 * Math.max(1, value))));
        }
    }

    @Test
    void a_run_by_tokens_interrupted_in_the_middle_of_an_epoch_ends_with_the_same_bits() {
        byTokens("whole").build().fit(texts());
        Callback interrupt = new Callback() {
            @Override
            public void onStep(TrainingState state) {
                if (state.step() == 9) {
                    throw new IllegalStateException("pulled the plug");
                }
            }
        };
        assertThatThrownBy(() -> byTokens("part").callback(interrupt).build().fit(texts()))
                .hasMessage("pulled the plug");
        byTokens("part").resume(true).build().fit(texts());
        assertThat(weights(Checkpoint.latest(dir.resolve("part"))))
                .usingRecursiveComparison()
                .isEqualTo(weights(Checkpoint.latest(dir.resolve("whole"))));
    }

    private TrainerBuilder byTokens(String run) {
        return trainer(run)
                .bucketing(true)
                .tokensPerBatch(100)
                .optimizer(Optimizers.adam(1e-2))
                .validationSplit(0.1)
                .checkpoints(new Checkpoints(4, 2));
    }

    @Test
    void rows_of_different_lengths_are_predicted_as_each_alone() {
        Checkpoint best = trainer("run").batchSize(12).build().fit(texts());
        try (Predictor predictor = Predictor.of(best)) {
            float[] together = predictor
                    .predict(List.of((Object) new long[][] {{1, 4, 7}, {5}}), 2)
                    .get(0);
            float[] first = predictor.predict(List.of(new long[] {1, 4, 7}), 1).get(0);
            float[] second = predictor.predict(List.of(new long[] {5}), 1).get(0);
            assertThat(Arrays.copyOf(together, 3 * WORDS)).containsExactly(first, within(1e-6f));
            assertThat(Arrays.copyOfRange(together, 3 * WORDS, 4 * WORDS)).containsExactly(second, within(1e-6f));
            assertThatThrownBy(() -> predictor.predict(List.of((Object) new long[][] {{}, {5}}), 2))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("1 to 24 steps");
        }
    }

    @Test
    void a_ragged_target_of_numbers_is_refused() {
        RaggedDataset data = RaggedDataset.of(
                List.of(RaggedDataset.column(Field.tokens("words", WORDS, 0, 4), new long[][] {{1}, {2, 3}})),
                List.of(RaggedDataset.column(
                        Field.floats("heights", Shape.of(4)).ragged(4), new float[][] {{1}, {2, 3}})));
        assertThatThrownBy(() -> Trainer.of(Sequential.of(Embedding.of(WORDS, 1)))
                        .saveTo(dir.resolve("x"))
                        .loss(Losses.mse())
                        .build()
                        .fit(data))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("ragged target");
    }

    private static double loss(Checkpoint checkpoint) {
        return Objects.requireNonNull(checkpoint.trainer().metrics().get("loss"));
    }

    private static Map<String, float[]> weights(Checkpoint checkpoint) {
        Map<String, float[]> weights = new TreeMap<>();
        try (Scope scope = Scope.open();
                Model model = checkpoint.load()) {
            model.state().forEach((name, tensor) -> weights.put(name, tensor.toFloats()));
        }
        return weights;
    }

    private static void assertSame(Checkpoint expected, Checkpoint received) {
        Map<String, float[]> values = weights(received);
        weights(expected)
                .forEach((name, other) -> assertThat(values.get(name)).as(name).containsExactly(other, within(2e-6f)));
    }
}
