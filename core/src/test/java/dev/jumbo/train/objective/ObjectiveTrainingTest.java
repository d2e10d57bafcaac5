package dev.jumbo.train.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.sequence.PositionalEmbedding;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.nn.layers.sequence.TransformerDecoderBlock;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.Scope;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objectives of tokens in a training: with padding, accumulation, workers and a resume. */
class ObjectiveTrainingTest {
    private static final int WORDS = 12;
    private static final int LONGEST = 14;

    @TempDir
    Path dir;

    /** Texts that count on by three. */
    private static long[][] texts(int size) {
        SplittableRandom random = new SplittableRandom(8);
        long[][] words = new long[size][];
        for (int i = 0; i < size; i++) {
            long first = random.nextInt(8);
            words[i] = IntStream.range(0, 2 + random.nextInt(LONGEST - 1))
                    .mapToLong(t -> 2 + (first + 3L * t) % 8)
                    .toArray();
        }
        return words;
    }

    private static Field tokens() {
        return Field.tokens("tokens", WORDS, 0, LONGEST);
    }

    private static Dataset alone(int size) {
        return RaggedDataset.of(List.of(RaggedDataset.column(tokens(), texts(size))), List.of());
    }

    private static Layer decoder(boolean causal) {
        return Sequential.of(
                Layers.embedding(WORDS, 16),
                PositionalEmbedding.of(LONGEST),
                new TransformerBlock(2, 32, causal, 0.0, Activation.GELU, true),
                Layers.dense(WORDS));
    }

    /** An encoder and a decoder, as a file describes them. */
    private static Layer encoderDecoder() {
        return new Graph(
                List.of("tokens", "decoder_tokens", "mask", "decoder_tokens_mask"),
                List.of(
                        new Graph.Node(
                                "source",
                                Sequential.of(Layers.embedding(WORDS, 24), PositionalEmbedding.of(LONGEST + 2)),
                                List.of("tokens")),
                        new Graph.Node(
                                "encoder",
                                new TransformerBlock(2, 48, false, 0.0, Activation.GELU, true),
                                List.of("source"),
                                Map.of("mask", "mask")),
                        new Graph.Node(
                                "target",
                                Sequential.of(Layers.embedding(WORDS, 24), PositionalEmbedding.of(LONGEST + 2)),
                                List.of("decoder_tokens")),
                        new Graph.Node(
                                "decoder",
                                new TransformerDecoderBlock(2, 48, 0.0, Activation.GELU, true, Map.of()),
                                List.of("target"),
                                Map.of("memory", "encoder", "memory_mask", "mask", "mask", "decoder_tokens_mask")),
                        new Graph.Node("logits", Layers.dense(WORDS), List.of("decoder"))),
                List.of("logits"));
    }

    private TrainerBuilder trainer(Layer layer, Objective objective, String run) {
        return Trainer.of(layer)
                .objective(objective)
                .optimizer(Optimizers.sgd(0.3))
                .epochs(1)
                .batchSize(12)
                .seed(5)
                .bucketing(false)
                .saveTo(dir.resolve(run));
    }

    private static double loss(Checkpoint checkpoint) {
        return Objects.requireNonNull(checkpoint.trainer().metrics().get("loss"));
    }

    private static void assertSame(Checkpoint received, Checkpoint expected) {
        assertThat(loss(received)).isCloseTo(loss(expected), within(2e-6));
        try (Scope scope = Scope.open();
                Model right = expected.load();
                Model model = received.load()) {
            assertThat(model.store().values().toFloats())
                    .containsExactly(right.store().values().toFloats(), within(2e-6f));
        }
    }

    @Test
    void a_causal_model_trains_alike_with_accumulation_and_with_workers() {
        Objective objective = new CausalLm(0.1, 0.01);
        Checkpoint one = trainer(decoder(true), objective, "one").build().fit(alone(60));
        assertSame(
                trainer(decoder(true), objective, "accumulated")
                        .batchSize(4)
                        .gradientAccumulation(3)
                        .build()
                        .fit(alone(60)),
                one);
        List<Checkpoint> workers = ThreadWorlds.run(
                2,
                world -> trainer(decoder(true), objective, "workers")
                        .world(world)
                        .build()
                        .fit(alone(60)));
        assertSame(workers.get(0), one);
        assertThat(one.trainer().metrics()).containsKeys("cross_entropy", "z_loss");
    }

    @Test
    void without_a_target_it_is_the_supervised_loss_of_the_next_token() {
        long[][] words = texts(60);
        long[][] next = new long[words.length][];
        for (int i = 0; i < words.length; i++) {
            next[i] = new long[words[i].length];
            System.arraycopy(words[i], 1, next[i], 0, words[i].length - 1);
            next[i][words[i].length - 1] = -100;
        }
        Dataset shifted = RaggedDataset.of(
                tokens(), words, Field.ids("next", tokens().shape()).ragged(LONGEST), next);
        Checkpoint supervised = Trainer.of(decoder(true))
                .optimizer(Optimizers.sgd(0.3))
                .loss(Losses.sequenceCrossEntropy(-100))
                .epochs(1)
                .batchSize(12)
                .seed(5)
                .bucketing(false)
                .saveTo(dir.resolve("supervised"))
                .build()
                .fit(shifted);
        assertSame(trainer(decoder(true), new CausalLm(), "alone").build().fit(alone(60)), supervised);
        Checkpoint measured = trainer(decoder(true), new CausalLm(), "shifted")
                .metrics(Metrics.perplexity())
                .build()
                .fit(shifted);
        assertSame(measured, supervised);
        assertThat(measured.trainer().metrics().get("perplexity")).isCloseTo(Math.exp(loss(measured)), within(1e-3));
    }

    @Test
    void a_masked_model_learns_and_a_resume_hides_what_an_uninterrupted_run_hides() {
        Objective objective = MaskedLm.of(1, WORDS, 0L);
        Checkpoint learned = trainer(decoder(false), objective, "masked")
                .optimizer(Optimizers.adam(0.01))
                .epochs(12)
                .build()
                .fit(alone(240));
        // Any of eight words would cost 2.08.
        assertThat(loss(learned)).isLessThan(1.2);
        Checkpoint whole =
                trainer(decoder(false), objective, "whole").epochs(2).build().fit(alone(60));
        trainer(decoder(false), objective, "stopped")
                .epochs(2)
                .callback(new Callback() {
                    @Override
                    public void onStep(TrainingState state) {
                        if (state.step() == 7) {
                            state.stop("a test");
                        }
                    }
                })
                .build()
                .fit(alone(60));
        Checkpoint resumed = trainer(decoder(false), objective, "stopped")
                .epochs(2)
                .resume(true)
                .build()
                .fit(alone(60));
        try (Scope scope = Scope.open();
                Model right = whole.load();
                Model model = resumed.load()) {
            assertThat(model.store().values().toFloats())
                    .isEqualTo(right.store().values().toFloats());
        }
    }

    @Test
    void an_encoder_decoder_learns_to_reverse_and_workers_agree() {
        SplittableRandom random = new SplittableRandom(1);
        long[][] sources = new long[360][];
        long[][] labels = new long[sources.length][];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = random.longs(1 + random.nextInt(3), 2, 8).toArray();
            int length = sources[i].length;
            labels[i] = new long[length + 1];
            for (int t = 0; t < length; t++) {
                labels[i][t] = sources[i][length - 1 - t];
            }
            labels[i][length] = 1;
        }
        Dataset data = RaggedDataset.of(
                tokens(), sources, Field.ids("labels", tokens().shape()).ragged(LONGEST), labels);
        Objective objective = new Seq2SeqLm(0, 0, "decoder_tokens", 0, 0);
        Checkpoint learned = trainer(encoderDecoder(), objective, "reverse")
                .optimizer(Optimizers.adam(0.01))
                .batchSize(24)
                .epochs(14)
                .metrics(Metrics.accuracy())
                .build()
                .fit(data);
        assertThat(learned.trainer().metrics().get("accuracy")).isGreaterThan(0.9);
        Checkpoint one = trainer(encoderDecoder(), objective, "one2")
                .optimizer(Optimizers.sgd(0.02))
                .build()
                .fit(data);
        List<Checkpoint> workers = ThreadWorlds.run(
                2,
                world -> trainer(encoderDecoder(), objective, "two")
                        .optimizer(Optimizers.sgd(0.02))
                        .world(world)
                        .build()
                        .fit(data));
        assertSame(workers.get(0), one);
    }

    @Test
    void metrics_of_what_is_drawn_from_the_inputs_are_refused() {
        assertThatThrownBy(() -> trainer(decoder(false), MaskedLm.of(1, WORDS, 0L), "refused")
                        .metrics(Metrics.perplexity())
                        .build()
                        .fit(alone(20)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("metrics: expected none, as the data has no target");
    }

    @Test
    void an_encoder_decoder_learns_what_was_taken_out() {
        Objective objective = new SpanCorruption(11, 2, 1, 0, 0.2, 2, "decoder_tokens", 0, 1e-4);
        Checkpoint learned = trainer(encoderDecoder(), objective, "spans")
                .optimizer(Optimizers.adam(0.01))
                .epochs(10)
                .batchSize(24)
                .build()
                .fit(alone(360));
        // Sentinels and ends are certain; words follow from what is around.
        assertThat(loss(learned)).isLessThan(0.6);
    }
}
