package dev.jumbo.models.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories with the {@code modules.json} that sentence-transformers writes beside what transformers does. */
class SentenceModulesTest {
    @TempDir
    Path dir;

    @BeforeEach
    void copy() throws IOException {
        Files.createDirectory(dir.resolve("1_Pooling"));
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(Fixtures.of("bert_sentences").resolve(name), dir.resolve(name));
        }
    }

    private void modules(String pooling, String... types) throws IOException {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < types.length; i++) {
            String path = i == 0 ? "" : i + "_" + types[i];
            list.append(i == 0 ? "" : ",\n").append("""
                    {"idx": %d, "name": "%d", "path": "%s", "type": "sentence_transformers.models.%s"}""".formatted(i, i, path, types[i]));
        }
        Files.writeString(dir.resolve("modules.json"), "[" + list + "]");
        Files.writeString(dir.resolve("1_Pooling/config.json"), pooling);
    }

    private static String mode(String mode) {
        return """
                {"word_embedding_dimension": 24, "pooling_mode_cls_token": false, "pooling_mode_mean_tokens": false,
                "pooling_mode_max_tokens": false, "pooling_mode_mean_sqrt_len_tokens": false, "include_prompt": true}""".replace("_" + mode + "\": false", "_" + mode + "\": true");
    }

    @Test
    void the_mean_of_the_vectors_of_tokens_is_read_as_such_and_gives_what_pytorch_gives() throws IOException {
        for (String pooling :
                List.of(mode("mean_tokens"), "{\"embedding_dimension\": 24, \"pooling_mode\": \"mean\"}")) {
            modules(pooling, "Transformer", "Pooling");
            HuggingFaceModel read = HuggingFace.read(dir);
            EncoderParityTest.compare("bert_sentences", read.model(), read.weights(), false);
            EncoderParityTest.compare("bert_sentences", read.model(), read.weights(), true);
        }
        modules(mode("mean_tokens"), "Transformer", "Pooling", "Normalize");
        Bert sentences = (Bert) HuggingFace.read(dir).model();
        assertThat(sentences.task()).isEqualTo(EncoderTask.SENTENCE_EMBEDDINGS);
        assertThat(new FromConfig(dir, null, null).resolved()).isEqualTo(sentences);
    }

    @Test
    void other_poolings_and_modules_are_refused_by_name_but_for_another_task() throws IOException {
        modules(mode("cls_token"), "Transformer", "Pooling");
        refused("1_Pooling", "mean_tokens", "received [cls_token]");
        modules(mode("max_tokens").replace("_mean_tokens\": false", "_mean_tokens\": true"), "Transformer", "Pooling");
        refused("received [mean_tokens, max_tokens]");
        Bert classes = (Bert) new FromConfig(dir, EncoderTask.SEQUENCE_CLASSIFICATION, 3).resolved();
        assertThat(classes.numLabels()).isEqualTo(3);
        modules(mode("mean_tokens"), "Transformer", "Pooling", "Dense");
        refused("modules.json", "received [Transformer, Pooling, Dense]");
        Files.delete(dir.resolve("modules.json"));
        assertThat(((Bert) HuggingFace.read(dir).model()).task()).isEqualTo(EncoderTask.TOKEN_EMBEDDINGS);
    }

    @Test
    void an_encoder_that_is_used_as_a_decoder_is_refused() throws IOException {
        Path config = dir.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"is_decoder\": false", "\"is_decoder\": true"));
        refused("is_decoder", "true");
    }

    private void refused(String... parts) {
        assertThatThrownBy(() -> HuggingFace.read(dir))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(parts);
    }
}
