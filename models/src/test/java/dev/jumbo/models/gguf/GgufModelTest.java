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
import dev.jumbo.models.language.LanguageModel;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.tensor.Scope;
import dev.jumbo.text.MarkedTokens;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
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
        assertThatThrownBy(() -> read(new byte[0]))
                .hasMessageContaining(
                        "model.gguf: expected a GGUF file, which begins with GGUF, received an empty file");
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

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bytes.length)
                .put(bytes)
                .array();
    }

    private static byte[] bytes(int type, int size, Consumer<ByteBuffer> value) {
        ByteBuffer bytes =
                ByteBuffer.allocate(4 + size).order(ByteOrder.LITTLE_ENDIAN).putInt(type);
        value.accept(bytes);
        return bytes.array();
    }

    private static byte[] value(Object value) {
        if (value instanceof Float real) {
            return bytes(6, 4, to -> to.putFloat(real));
        } else if (value instanceof Integer number) {
            return bytes(4, 4, to -> to.putInt(number));
        } else if (value instanceof List<?> texts) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(bytes(9, 12, to -> to.putInt(8).putLong(texts.size())));
            texts.forEach(each -> all.writeBytes(text((String) each)));
            return all.toByteArray();
        }
        byte[] written = text((String) value);
        return bytes(8, written.length, to -> to.put(written));
    }

    /** With more values before the file's own, and one that keeps the tensors where they are aligned to. */
    private static byte[] with(byte[] file, Object... keysAndValues) {
        ByteArrayOutputStream more = new ByteArrayOutputStream();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            more.writeBytes(text((String) keysAndValues[i]));
            more.writeBytes(value(keysAndValues[i + 1]));
        }
        more.writeBytes(text("fill"));
        more.writeBytes(value("x".repeat(Math.floorMod(-(more.size() + 12), 32))));
        ByteBuffer all = ByteBuffer.allocate(file.length + more.size()).order(ByteOrder.LITTLE_ENDIAN);
        all.put(file, 0, 24).put(more.toByteArray()).put(file, 24, file.length - 24);
        return all.putLong(16, all.getLong(16) + keysAndValues.length / 2 + 1).array();
    }

    /** llama.cpp's src/llama-model.cpp, load_hparams: linear where no type is said, the old key where no factor is. */
    @Test
    void positions_that_are_stretched_are_as_llama_cpp_reads_them() throws IOException {
        byte[] file = bytes("qwen3.gguf");
        LanguageModel plain = read(with(file)).model();
        LanguageModel stretched = read(with(file, "qwen3.rope.scaling.type", "linear", "qwen3.rope.scaling.factor", 4f))
                .model();
        assertThat(stretched).isNotEqualTo(plain);
        assertThat(String.valueOf(stretched)).contains("factor=4.0");
        assertThat(read(with(file, "qwen3.rope.scale_linear", 4f)).model()).isEqualTo(stretched);
        assertThat(read(with(file, "qwen3.rope.scaling.factor", 4f)).model()).isEqualTo(stretched);
        assertThat(read(with(file, "qwen3.rope.scaling.factor", 0f)).model()).isEqualTo(plain);
        assertThat(read(with(file, "qwen3.rope.scaling.type", "none", "qwen3.rope.scaling.factor", 4f))
                        .model())
                .isEqualTo(plain);
        assertThatThrownBy(() -> read(with(file, "qwen3.rope.scaling.type", "yarn", "qwen3.rope.scaling.factor", 4f)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received qwen3.rope.scaling.type yarn");
        assertThatThrownBy(() -> read(with(file, "qwen3.rope.scaling.attn_factor", 2f)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("qwen3.rope.scaling.attn_factor 2.0");
    }

    /** llama.cpp's src/llama-vocab.cpp, llm_tokenizer_bpe: of the default, signs stand apart, and digits by threes. */
    @Test
    void texts_of_a_file_that_does_not_say_how_are_divided_as_llama_cpp_does_by_default(@TempDir Path directory)
            throws IOException {
        List<String> tokens =
                List.of("\u0120", "!", "\u0120!", "1", "2", "3", "4", "12", "34", "1234", "123", "a", "<|end|>");
        Object[] keys = {
            "tokenizer.ggml.model",
            "gpt2",
            "tokenizer.ggml.tokens",
            tokens,
            "tokenizer.ggml.merges",
            List.of("\u0120 !", "1 2", "3 4", "12 34", "12 3"),
            "tokenizer.ggml.eos_token_id",
            12
        };
        byte[] file = bytes("qwen3.gguf");
        int n = 0;
        for (String pre : List.of("gpt-2", "default", "")) {
            Object[] all = Arrays.copyOf(keys, keys.length + (pre.isEmpty() ? 0 : 2));
            if (!pre.isEmpty()) {
                all[keys.length] = "tokenizer.ggml.pre";
                all[keys.length + 1] = pre;
            }
            Path files = Files.createDirectory(directory.resolve("" + n++));
            try (Tokenizer tokenizer = Objects.requireNonNull(
                            read(with(file, all)).tokenizer())
                    .write(files)
                    .open()) {
                assertThat(tokenizer.encode("a !1234"))
                        .as(pre)
                        .isEqualTo(pre.equals("gpt-2") ? new int[] {11, 2, 9} : new int[] {11, 0, 1, 10, 6});
            }
        }
    }
}
