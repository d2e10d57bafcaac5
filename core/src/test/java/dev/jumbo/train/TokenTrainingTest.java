package dev.jumbo.train;

import static dev.jumbo.nn.layers.Layers.dense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.shards.TokenDataset;
import dev.jumbo.data.shards.TokenFormat;
import dev.jumbo.data.shards.TokenSetWriter;
import dev.jumbo.data.shards.TokenShards;
import dev.jumbo.data.shards.Windows;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.sequence.PositionalEmbedding;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.train.TrainConfig.Checkpoints;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small language model on token shards. */
class TokenTrainingTest {
    private static final int WORDS = 24;
    private static final int END = WORDS;

    @TempDir
    Path dir;

    /** Documents that count upwards in steps of 5, from a random word, modulo the number of words. */
    @BeforeEach
    void shards() {
        SplittableRandom random = new SplittableRandom(1);
        TokenFormat format = TokenFormat.of("counting", "0".repeat(64), WORDS + 1, END, 0);
        try (TokenSetWriter set = TokenSetWriter.create(dir.resolve("shards"), format, 2000)) {
            for (int document = 0; document < 200; document++) {
                int[] tokens = new int[10 + random.nextInt(40)];
                tokens[0] = random.nextInt(WORDS);
                for (int i = 1; i < tokens.length; i++) {
                    tokens[i] = (tokens[i - 1] + 5) % WORDS;
                }
                set.add(tokens);
            }
            set.finish();
        }
    }

    private Dataset windows(Windows windows) {
        return TokenDataset.of(TokenShards.open(dir.resolve("shards")), 16, windows);
    }

    private TrainerBuilder trainer(String run) {
        return Trainer.of(Sequential.of(
                        Embedding.of(WORDS + 1, 32),
                        PositionalEmbedding.of(16),
                        new TransformerBlock(2, 64, true, 0.0, Activation.GELU, true),
                        dense(WORDS + 1)))
                .optimizer(Optimizers.adam(1e-2))
                .loss(Losses.sequenceCrossEntropy(TokenDataset.IGNORED))
                .metrics(Metrics.accuracy())
                .epochs(2)
                .batchSize(16)
                .seed(5)
                .saveTo(dir.resolve(run));
    }

    @Test
    void a_language_model_learns_to_count_from_the_stream_and_from_documents() {
        for (Windows windows : Windows.values()) {
            Checkpoint best = trainer("run-" + windows).epochs(4).build().fit(windows(windows));

            // What follows the end of a document, and where it comes, is a matter of chance.
            assertThat(Evaluator.evaluate(best, windows(windows), Metrics.accuracy())
                            .get("accuracy"))
                    .as(windows.name())
                    .isGreaterThan(0.9);
        }
    }

    @Test
    void a_run_interrupted_in_the_middle_of_an_epoch_sees_the_same_windows_and_ends_with_the_same_bits() {
        configured("whole").build().fit(windows(Windows.STREAM));
        Callback interrupt = new Callback() {
            @Override
            public void onStep(TrainingState state) {
                if (state.step() == 33) {
                    throw new IllegalStateException("pulled the plug");
                }
            }
        };

        assertThatThrownBy(() -> configured("part").callback(interrupt).build().fit(windows(Windows.STREAM)))
                .hasMessage("pulled the plug");
        configured("part").resume(true).build().fit(windows(Windows.STREAM));

        assertThat(weights("part")).isEqualTo(weights("whole"));
    }

    private TrainerBuilder configured(String run) {
        return trainer(run).checkpoints(new Checkpoints(10, 2));
    }

    private String weights(String run) {
        return Checkpoint.latest(dir.resolve(run)).manifest().sha256("model.safetensors");
    }
}
