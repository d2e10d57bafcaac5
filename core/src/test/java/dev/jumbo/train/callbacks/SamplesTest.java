package dev.jumbo.train.callbacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.language.CharactersSource;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.nn.generate.Sampling;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.sequence.PositionalEmbedding;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {
    @TempDir
    Path temp;

    private DataParts text() throws IOException {
        Path file = Files.writeString(temp.resolve("text.txt"), "abcd".repeat(200));
        return new CharactersSource(file, 8, 0, CharactersSource.Draw.RANDOM).load(null, temp);
    }

    private TrainerBuilder trainer(String run, int outputs) {
        return Trainer.of(Sequential.of(
                        Layers.embedding(4, 8),
                        PositionalEmbedding.of(8),
                        new TransformerBlock(2, 16, true, 0.1, Activation.GELU, true),
                        Layers.dense(outputs)))
                .learningRate(0.01)
                .batchSize(8)
                .maxSteps(60)
                .seed(1)
                .saveTo(temp.resolve(run));
    }

    private static Samples.Settings settings(String prompt) {
        GenerationConfig drawn = GenerationConfig.of(3, new Sampling(0.5, 0, 1, 0, 1, 1, 0, 0, 0, 7));
        return new Samples.Settings(20, prompt, drawn);
    }

    @Test
    void a_model_in_training_writes_each_so_many_steps_and_trains_as_without() throws IOException {
        Checkpoint with = trainer("with", 4).samples(settings("ab")).build().fit(text().train());
        Checkpoint without = trainer("without", 4).build().fit(text().train());
        assertThat(Files.readAllBytes(with.directory().resolve("model.safetensors")))
                .isEqualTo(Files.readAllBytes(without.directory().resolve("model.safetensors")));
        assertThat(Files.readAllLines(temp.resolve("with/samples.jsonl")))
                .hasSize(3)
                .allMatch(line -> line.matches("\\{\"step\":[246]0,\"prompt\":\"ab\",\"text\":\"[a-d]{3}\"}"));
        assertThat(temp.resolve("without/samples.jsonl")).doesNotExist();
    }

    @Test
    void what_cannot_be_written_on_is_refused_before_the_first_step() throws IOException {
        assertThatThrownBy(() ->
                        trainer("unknown", 4).samples(settings("ax")).build().fit(text().train()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("samples.prompt: expected characters that the training text has, received \"x\"");
        assertThatThrownBy(() -> trainer("long", 4)
                        .samples(settings("abcdabcda"))
                        .build()
                        .fit(text().train()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a prompt of at most 8 tokens");
        assertThatThrownBy(() -> new Samples.Settings(0, "a", GenerationConfig.greedy(3)))
                .hasMessageContaining("samples.every_steps");
    }
}
