package dev.jumbo.models.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import dev.jumbo.models.generate.TextGenerator;
import dev.jumbo.models.imports.ByteSource;
import dev.jumbo.models.imports.ForeignRun;
import dev.jumbo.models.imports.Imported;
import dev.jumbo.models.imports.ImportedModel;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.tensor.Scope;
import dev.jumbo.text.MarkedTokens;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files by Python's gguf (make_gguf_fixtures.py). */
class GgufModelTest {
    private static JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(Imported.file("gguf/" + name).toFile());
    }

    private static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(Imported.file("gguf/" + name));
    }

    private static ImportedModel read(byte[] bytes) {
        return GgufModel.read(ByteSource.of("model.gguf", bytes), List.of());
    }

    @Test
    void blocks_of_each_type_have_the_values_that_gguf_gives_them() throws IOException {
        GgufFile file = GgufFile.read(ByteSource.of(Imported.file("gguf/blocks.gguf")));
        JsonNode expected = json("blocks.json");
        assertThat(file.tensors()).hasSize(7);
        try (Scope scope = Scope.open()) {
            file.tensors().forEach((name, place) -> {
                JsonNode each = expected.path(name);
                float[] values = file.stored(place).read().get().toFloats();
                assertThat(place.shape().toArray())
                        .isEqualTo(new ObjectMapper().convertValue(each.path("shape"), long[].class));
                for (int i = 0; i < values.length; i++) {
                    assertThat(values[i]).as("%s %d", name, i).isEqualTo((float)
                            each.path("values").get(i).doubleValue());
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "qwen3", "gpt2"})
    void a_model_computes_the_logits_of_transformers(String name) throws IOException {
        Imported.assertLogits(GgufModel.read(Imported.file("gguf/" + name + ".gguf")), json(name + ".json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "gpt2"})
    void its_tokenizer_gives_the_ids_of_sentencepiece_and_tokenizers(String name, @TempDir Path directory)
            throws IOException {
        ImportedModel model = GgufModel.read(Imported.file("gguf/" + name + ".gguf"));
        TokenizerConfig config = Objects.requireNonNull(model.tokenizer()).write(directory);
        assertThat(((MarkedTokens) config).bosTokenId()).isEqualTo(name.equals("llama") ? 1 : null);
        try (Tokenizer tokenizer = config.open()) {
            for (JsonNode each : json(name + ".json").path("texts")) {
                assertThat(tokenizer.encode(each.path("text").textValue()))
                        .as(each.path("text").textValue())
                        .isEqualTo(new ObjectMapper().convertValue(each.path("ids"), int[].class));
            }
        }
    }

    @Test
    void a_run_is_made_of_it_that_writes_texts(@TempDir Path directory) {
        Path run = directory.resolve("run");
        ForeignRun.write(GgufModel.read(Imported.file("gguf/gpt2.gguf")), run);
        try (TextGenerator model = TextGenerator.open(Checkpoint.best(run))) {
            assertThat(model.generate("The ship", GenerationConfig.greedy(12)).text())
                    .isNotEmpty();
            assertThatThrownBy(() -> model.generate("The ship ".repeat(40), GenerationConfig.greedy(12)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("at most 32 tokens, the model's context");
        }
        assertThatThrownBy(() -> ForeignRun.write(GgufModel.read(Imported.file("gguf/gpt2.gguf")), run))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a directory without a run");
    }

    @Test
    void a_file_that_ends_anywhere_too_soon_is_refused() throws IOException {
        byte[] whole = bytes("qwen3.gguf");
        for (int length = 0; length < whole.length; length += length < 3000 ? 7 : 1001) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(cut)).as("%d bytes", length).isInstanceOf(InputException.class);
        }
    }

    @Test
    void counts_and_sizes_that_lie_are_refused() throws IOException {
        byte[] whole = bytes("qwen3.gguf");
        for (int at : new int[] {8, 16, 24}) {
            for (long value : new long[] {-1, Long.MAX_VALUE, 1L << 40, 1 << 30}) {
                byte[] other = whole.clone();
                ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
                assertThatThrownBy(() -> read(other))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("that the rest of the file holds, received");
            }
        }
        byte[] layers = replaced(whole, "qwen3.block_count", 1, 1_000_000_000);
        assertThatThrownBy(() -> read(layers))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected");
    }

    /** Another value behind a key of the type uint32. */
    private static byte[] replaced(byte[] file, String key, int from, int to) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        byte[] other = file.clone();
        for (int i = 0; i < file.length - name.length; i++) {
            if (Arrays.equals(name, Arrays.copyOfRange(file, i, i + name.length))) {
                ByteBuffer view = ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN);
                assertThat(view.getInt(i + name.length + 4)).isEqualTo(from);
                view.putInt(i + name.length + 4, to);
                return other;
            }
        }
        throw new IllegalStateException(key);
    }

    @Test
    void other_files_versions_and_types_are_refused_by_name() throws IOException {
        assertThatThrownBy(() -> read("PK00000000000000000000000000000000".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("which begins with GGUF");
        byte[] old = bytes("qwen3.gguf");
        ByteBuffer.wrap(old).order(ByteOrder.LITTLE_ENDIAN).putInt(4, 1);
        assertThatThrownBy(() -> read(old)).hasMessageContaining("version 2 or 3, received version 1");
        assertThatThrownBy(() -> read(bytes("blocks.gguf")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected the architecture llama, qwen2, qwen3 or gpt2, received \"test\"");
        assertThatThrownBy(() -> GgufType.of(13, "tensor"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received Q5_K; convert the model");
    }
}
