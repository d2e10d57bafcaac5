package dev.jumbo.models.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import dev.jumbo.models.Gpt2;
import dev.jumbo.models.Llama3;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.WeightFiles;
import dev.jumbo.tensor.Checksum;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories that transformers wrote: read, written again, and refused where they are not sound. */
class HuggingFaceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LARGE = 1L << 40;

    @TempDir
    Path dir;

    @ParameterizedTest
    @MethodSource("dev.jumbo.models.language.Fixtures#decoders")
    void what_is_written_has_the_names_shapes_types_and_values_that_were_read_and_is_the_same_model(String name)
            throws IOException {
        Path directory = Fixtures.copy(name, dir);
        HuggingFaceModel read = HuggingFace.read(directory);
        // Left for check_decoder_exports.py where a directory is named.
        Path written = Path.of(System.getProperty("jumbo.decoder.exports", dir.toString()))
                .resolve(name + "-written");
        write(written, read, read.files(), null, LARGE);
        assertThat(hashes(WeightFiles.open(written))).isEqualTo(hashes(open(directory)));
        HuggingFaceModel again = HuggingFace.read(written);
        assertThat(again.model().layer()).isEqualTo(read.model().layer());
        assertThat(again.model().inputs()).isEqualTo(read.model().inputs());
        assertThat(json(written.resolve("config.json")).path("model_type"))
                .isEqualTo(json(directory.resolve("config.json")).path("model_type"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama_yarn", "mistral", "qwen2", "qwen3", "smollm3"})
    void a_description_alone_is_written_as_the_architecture_that_it_is(String name) throws IOException {
        Path directory = Fixtures.copy(name, dir);
        HuggingFaceModel read = HuggingFace.read(directory);
        Path written = dir.resolve("written");
        write(written, read, Map.of(), null, LARGE);
        JsonNode theirs = json(directory.resolve("config.json"));
        JsonNode own = json(written.resolve("config.json"));
        for (String key : List.of("model_type", "architectures", "vocab_size", "tie_word_embeddings")) {
            assertThat(own.path(key)).as(key).isEqualTo(theirs.path(key));
        }
        assertThat(own.path("bos_token_id").isNull()).isTrue();
        assertThat(HuggingFace.read(written).model().layer())
                .isEqualTo(read.model().layer());
    }

    @Test
    void weights_above_the_size_of_a_file_are_shards_with_an_index() throws IOException {
        HuggingFaceModel read = HuggingFace.read(Fixtures.copy("llama", dir));
        Path written = dir.resolve("written");
        write(written, read, read.files(), DType.BFLOAT16, 3000);
        JsonNode index = json(written.resolve("model.safetensors.index.json"));
        long bytes = 0;
        for (Path file : files(written, ".safetensors")) {
            assertThat(file.getFileName().toString()).matches("model-0000\\d-of-0000\\d\\.safetensors");
            assertThat(Files.size(file)).isLessThan(3000 + 3000);
            bytes += Safetensors.open(file).names().stream()
                    .mapToLong(
                            each -> Safetensors.open(file).entry(each).shape().elements() * 2)
                    .sum();
        }
        assertThat(index.path("metadata").path("total_size").asLong()).isEqualTo(bytes);
        assertThat(index.path("weight_map")).hasSize(read.weights().tensors().size());
        assertThat(json(written.resolve("config.json")).path("torch_dtype").asText())
                .isEqualTo("bfloat16");
        assertThat(HuggingFace.read(written).weights().tensors().values())
                .allMatch(stored -> stored.dtype() == DType.BFLOAT16);
    }

    @Test
    void models_that_were_described_by_name_are_public_architectures() {
        Gpt2 gpt2 = new Gpt2(65, 64, 32, 2, 4, 0.1);
        assertThat(Families.recognise(gpt2.layer(), new Gpt2Family.Model(gpt2).inputs()))
                .hasValueSatisfying(
                        found -> assertThat(found.family().modelType()).isEqualTo("gpt2"));
        Llama3 llama = new Llama3(65, 64, 32, 48, 2, 4, 2, null, 10000, null, 1e-5, false, false, true);
        assertThat(Families.recognise(llama.layer(), new Gpt2Family.Model(gpt2).inputs()))
                .hasValueSatisfying(
                        found -> assertThat(found.family().modelType()).isEqualTo("llama"));
    }

    @Test
    void another_model_is_not_written_as_one() {
        HuggingFaceModel read = HuggingFace.read(Fixtures.copy("llama", dir));
        assertThatThrownBy(() -> HuggingFace.write(
                        dir.resolve("written"),
                        Sequential.of(Layers.dense(3)),
                        read.model().inputs(),
                        List.of(),
                        read.weights(),
                        Map.of(),
                        null,
                        LARGE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("public architecture (gpt2, llama, mistral");
        assertThat(dir.resolve("written")).doesNotExist();
    }

    @Test
    void a_directory_with_files_is_not_written_over() throws IOException {
        Path directory = Fixtures.copy("llama", dir);
        HuggingFaceModel read = HuggingFace.read(directory);
        assertThatThrownBy(() -> write(directory, read, Map.of(), null, LARGE))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a new directory to export to");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    model_type|"mamba"|expected a model_type of [bert, gpt2, llama, mistral
                    architectures|["LlamaForSequenceClassification"]|expected architectures of [LlamaForCausalLM]
                    hidden_act|"quick_gelu"|hidden_act: expected one of
                    logit_scale|0.5|logit_scale
                    quantization_config|{"quant_method": "gptq"}|quantization_config (gptq)
                    rope_parameters|{"rope_type": "su", "rope_theta": 1.0}|received "su"
                    rope_parameters|{"rope_type": "yarn", "rope_theta": 1.0}|missing "factor"
                    rope_parameters|{"rope_type": "linear", "factor": 2.0, "beta_fast": 2.0}|unknown "beta_fast"
                    rope_scaling|{"factor": 2.0}|expected a rope_type in rope_scaling
                    partial_rotary_factor|0.5|partial_rotary_factor 0.5
                    sliding_window|4|sliding_window
                    num_key_value_heads|3|expected num_key_value_heads that divide
                    attention_bias|"yes"|attention_bias
                    """)
    void a_key_that_changes_what_is_computed_and_is_not_known_is_refused_by_name(
            String key, String value, String message) throws IOException {
        Path directory = Fixtures.copy("llama", dir);
        Fixtures.change(directory, config -> config.set(key, parsed(value)));
        assertThatThrownBy(() -> HuggingFace.read(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"scale_attn_weights,false", "scale_attn_by_inverse_layer_idx,true", "add_cross_attention,true"})
    void options_of_gpt2_that_are_not_computed_are_refused_by_name(String key, boolean value) throws IOException {
        Path directory = Fixtures.copy("gpt2", dir);
        Fixtures.change(directory, config -> config.put(key, value));
        assertThatThrownBy(() -> HuggingFace.read(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(key);
    }

    @Test
    void more_layers_than_tensors_are_refused_before_they_are_described() throws IOException {
        Path directory = Fixtures.copy("llama", dir);
        Fixtures.change(directory, config -> config.put("num_hidden_layers", 2_000_000_000));
        assertThatThrownBy(() -> HuggingFace.read(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected at most as many layers as there are tensors")
                .hasMessageContaining("num_hidden_layers");
    }

    @Test
    void more_layers_than_any_model_has_are_refused_where_there_are_no_weights_to_count() throws IOException {
        Path directory = Fixtures.copy("llama", dir);
        Files.delete(directory.resolve("model.safetensors"));
        Fixtures.change(directory, config -> config.put("num_hidden_layers", Integer.MAX_VALUE));
        assertThatThrownBy(() -> new FromConfig(directory, null, null).layer())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected at most 10000 layers, received 2147483647");
    }

    @Test
    void a_generation_config_that_is_no_json_is_refused_with_its_name() throws IOException {
        Path directory = Fixtures.copy("llama", dir);
        Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": \"x\"");
        assertThatThrownBy(() -> HuggingFace.read(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("generation_config.json");
    }

    @Test
    void keys_that_change_nothing_are_passed_over() throws IOException {
        Path directory = Fixtures.copy("llama", dir);
        Fixtures.change(directory, config -> config.put("_name_or_path", "x").put("rope_interleaved", false));
        assertThat(HuggingFace.read(directory).model().vocabSize()).isEqualTo(20);
    }

    @Test
    void all_tensors_that_are_missing_left_over_or_of_another_shape_are_listed_together() throws IOException {
        Path directory = Fixtures.copy("llama", dir);
        Fixtures.change(directory, config -> config.put("intermediate_size", 23).put("num_hidden_layers", 3));
        Fixtures.rewrite(directory, tensors -> tensors.put("model.extra.weight", tensors.get("lm_head.weight")));
        assertThatThrownBy(() -> HuggingFace.read(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a tensor \"model.layers.2.input_layernorm.weight\" [16], found none")
                .hasMessageContaining(
                        "expected \"model.layers.0.mlp.gate_proj.weight\" to have the shape [23, 16], received [24, 16]")
                .hasMessageContaining("no parameters named [model.extra.weight]");
    }

    @Test
    void tied_weights_that_are_there_twice_and_different_are_refused() throws IOException {
        Path directory = Fixtures.copy("llama", dir);
        Fixtures.change(directory, config -> config.put("tie_word_embeddings", true));
        assertThatThrownBy(() -> HuggingFace.read(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("to which the model ties it");
    }

    @Test
    void a_truncated_shard_and_one_outside_of_the_directory_are_refused() throws IOException {
        Path directory = Fixtures.copy("llama_shards", dir);
        Path shard = directory.resolve("model-00002-of-00003.safetensors");
        byte[] bytes = Files.readAllBytes(shard);
        Files.write(shard, Arrays.copyOf(bytes, bytes.length - 10));
        assertThatThrownBy(() -> HuggingFace.read(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("model-00002-of-00003.safetensors")
                .hasMessageContaining("truncated");
        Files.delete(shard);
        assertThatThrownBy(() -> HuggingFace.read(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("missing: ")
                .hasMessageContaining("model-00002-of-00003.safetensors");
        Path index = directory.resolve("model.safetensors.index.json");
        Files.writeString(index, Files.readString(index).replace("model-00002-of-00003", "../elsewhere/model"));
        assertThatThrownBy(() -> HuggingFace.read(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected the name of a safetensors file beside the index");
    }

    @Test
    void a_directory_without_config_or_without_safetensors_says_what_is_missing() throws IOException {
        Path directory = Fixtures.copy("llama", dir);
        Files.move(directory.resolve("model.safetensors"), directory.resolve("pytorch_model.bin"));
        assertThatThrownBy(() -> HuggingFace.read(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("pytorch_model.bin is not read");
        Files.delete(directory.resolve("config.json"));
        assertThatThrownBy(() -> HuggingFace.read(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected config.json");
    }

    private static void write(
            Path to, HuggingFaceModel read, Map<String, Path> files, @Nullable DType type, long most) {
        HuggingFace.write(
                to, read.model().layer(), read.model().inputs(), List.of(), read.weights(), files, type, most);
    }

    private static TensorSource open(Path directory) {
        Path index = directory.resolve("model.safetensors.index.json");
        return WeightFiles.open(Files.exists(index) ? index : directory.resolve("model.safetensors"));
    }

    /** Type, shape and values of each tensor. */
    private static Map<String, String> hashes(TensorSource source) {
        Map<String, String> hashes = new TreeMap<>();
        try (Scope scope = Scope.open()) {
            source.tensors()
                    .forEach((name, stored) -> hashes.put(
                            name,
                            stored.dtype() + " " + stored.shape() + " "
                                    + Checksum.sha256(List.of(stored.read()
                                            .get()
                                            .to(DType.FLOAT32)
                                            .contiguous()))));
        }
        return hashes;
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    private static JsonNode json(Path file) throws IOException {
        return JSON.readTree(file.toFile());
    }

    private static List<Path> files(Path directory, String suffix) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }
}
