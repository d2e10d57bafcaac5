package dev.jumbo.nn.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.config.Components;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.LowRank;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import dev.jumbo.nn.layers.sequence.LlamaBlock;
import dev.jumbo.nn.layers.sequence.RmsNorm;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against PEFT 0.21.0: make_peft_fixtures.py. */
class PeftAdapterTest {
    private static final Path FIXTURES = fixtures();
    private static final Specs IN = Specs.of(Spec.of(Shape.of(7), DType.INT64));

    @TempDir
    Path temporary;

    private static Path fixtures() {
        try {
            return Path.of(Objects.requireNonNull(PeftAdapterTest.class.getResource("/dev/jumbo/peft"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Layer llama() {
        return llama(new Dense(24, Activation.LINEAR, false, Initializers.glorotUniform(), Initializers.zeros()));
    }

    private static Layer llama(Layer head) {
        Map<String, Layer> layers = new LinkedHashMap<>();
        layers.put("model.embed_tokens", Embedding.of(24, 16));
        for (int i = 0; i < 2; i++) {
            layers.put(
                    "model.layers." + i,
                    new LlamaBlock(GroupedQueryAttention.of(4, 2, 10000), 24, 1e-6, false, Map.of()));
        }
        layers.put("model.norm", new RmsNorm(1e-6));
        layers.put("lm_head", head);
        return Sequential.named(layers);
    }

    private static TensorSource base() {
        return TensorSource.open(FIXTURES.resolve("base.safetensors"));
    }

    private static Model model(PeftAdapter adapter) {
        Map<String, TensorSource.Stored> all = new LinkedHashMap<>(base().tensors());
        all.putAll(adapter.tensors().tensors());
        return Model.build(
                adapter.model(),
                IN,
                FirstValues.loaded(Weights.of(TensorSource.named("", List.of(), all))),
                new ParameterGroups(adapter.lora().groups()),
                Device.CPU);
    }

    private static Map<String, Tensor> expected(String name) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        var file = Safetensors.open(FIXTURES.resolve(name));
        file.names().forEach(each -> tensors.put(each, file.read(each)));
        return tensors;
    }

    private static void same(Tensor actual, Tensor wanted, double tolerance) {
        assertThat(actual.shape()).isEqualTo(wanted.shape());
        float[] a = actual.toFloats();
        float[] b = wanted.toFloats();
        for (int i = 0; i < a.length; i++) {
            assertThat(a[i]).isCloseTo(b[i], within((float) tolerance));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora", "rslora", "dora", "patterns"})
    void an_adapter_of_pefts_gives_the_same_logits_and_gradients(String kind) {
        PeftAdapter adapter = PeftAdapter.read(FIXTURES.resolve(kind), llama(), IN);
        try (Scope scope = Scope.open();
                Model model = model(adapter)) {
            model.store().prepareTraining(false);
            Map<String, Tensor> wanted = expected(kind + "/expected.safetensors");
            Map<String, Tensor> plain = expected("base_expected.safetensors");
            Tensor ids = Objects.requireNonNull(plain.get("ids"));
            Tensor logits = model.forward(ids, Pass.inference());
            same(logits, Objects.requireNonNull(wanted.get("logits")), 1e-5);
            logits.mul(logits).mean().backward();
            Map<String, Tensor> gradients = model.store().gradientsByName();
            wanted.keySet().removeIf(name -> !name.startsWith("grad."));
            assertThat(gradients).hasSameSizeAs(wanted);
            wanted.forEach((name, gradient) -> {
                String own = PeftNames.ofParameter(name.substring("grad.base_model.model.".length()))
                        .replace(LowRank.MAGNITUDE + ".weight", LowRank.MAGNITUDE);
                double scale = Math.max(1e-3, gradient.abs().max().item());
                same(Objects.requireNonNull(gradients.get(own), own), gradient, 1e-4 * scale);
            });
            if (!kind.equals("patterns")) {
                // A head that is trained as a whole is no change that can be left out.
                same(
                        model.forward(ids, Pass.inference().withoutAdapters()),
                        Objects.requireNonNull(plain.get("logits")),
                        1e-5);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora", "rslora", "dora", "patterns"})
    void a_merged_matrix_is_pefts(String kind) {
        PeftAdapter adapter = PeftAdapter.read(FIXTURES.resolve(kind), llama(), IN);
        try (Scope scope = Scope.open()) {
            String path = "model.layers.1.mlp.down_proj";
            LowRank change = Objects.requireNonNull(Objects.requireNonNull(
                            Changes.of(adapter.model(), IN).matrices().get(path))
                    .change());
            TensorSource own = adapter.tensors();
            Tensor merged = change.merged(
                    base().tensor(path + ".weight").read().get(),
                    own.tensor(path + ".lora_A.weight").read().get(),
                    own.tensor(path + ".lora_B.weight").read().get(),
                    change.useDora()
                            ? own.tensor(path + ".lora_magnitude_vector").read().get()
                            : null);
            same(
                    merged,
                    Objects.requireNonNull(
                            expected(kind + "/expected.safetensors").get("merged")),
                    1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora", "rslora", "dora", "patterns"})
    void what_was_read_is_written_with_the_same_names_and_values_and_read_again(String kind) {
        // check_peft.py loads what is left in the directory of this property.
        Path saved = Path.of(System.getProperty("jumbo.peft.out", temporary.toString()))
                .resolve(kind);
        PeftAdapter.read(FIXTURES.resolve(kind), llama(), IN).write(saved, IN, "base", "CAUSAL_LM");
        try (Scope scope = Scope.open()) {
            var there = Safetensors.open(FIXTURES.resolve(kind).resolve(PeftAdapter.WEIGHTS));
            var here = Safetensors.open(saved.resolve(PeftAdapter.WEIGHTS));
            assertThat(here.names()).containsExactlyInAnyOrderElementsOf(there.names());
            there.names()
                    .forEach(name -> assertThat(here.read(name).toFloats())
                            .isEqualTo(there.read(name).toFloats()));
            PeftAdapter again = PeftAdapter.read(saved, llama(), IN);
            assertThat(again.model())
                    .isEqualTo(PeftAdapter.read(FIXTURES.resolve(kind), llama(), IN)
                            .model());
        }
    }

    @Test
    void one_whose_keys_do_not_fit_is_refused_with_all_of_them() throws IOException {
        Path other = temporary.resolve("other");
        Files.createDirectories(other);
        Files.copy(FIXTURES.resolve("lora/adapter_config.json"), other.resolve("adapter_config.json"));
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            var file = Safetensors.open(FIXTURES.resolve("lora").resolve(PeftAdapter.WEIGHTS));
            for (String name : file.names()) {
                tensors.put(
                        name.contains("q_proj") ? name.replace("base_model.model.model.", "base_model.model.") : name,
                        file.read(name));
            }
            tensors.put("base_model.model.model.layers.0.mlp.up_proj.lora_A.weight", Tensor.zeros(Shape.of(3, 16)));
            Safetensors.write(other.resolve(PeftAdapter.WEIGHTS), tensors, Map.of());
        }
        assertThatThrownBy(() -> PeftAdapter.read(other, llama(), IN))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("does not fit the model")
                .hasMessageContaining("no place for base_model.model.layers.0.self_attn.q_proj.lora_A.weight")
                .hasMessageContaining("base_model.model.layers.1.self_attn.q_proj.lora_B.weight")
                .hasMessageContaining("expected a tensor base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
                        + " [4, 16], found none")
                .hasMessageContaining("base_model.model.model.layers.1.self_attn.q_proj.lora_B.weight [16, 4]")
                .hasMessageContaining("base_model.model.model.layers.0.mlp.up_proj.lora_A.weight to have the shape"
                        + " [4, 16], received [3, 16]");
    }

    /** An adapter of the fixture with other tensors beside its changes, which modules_to_save names. */
    private Path saved(String names, String said, Map<String, Tensor> more) throws IOException {
        Path other = temporary.resolve("saved");
        Files.createDirectories(other);
        String config = Files.readString(FIXTURES.resolve("lora/adapter_config.json"));
        assertThat(config).contains("\"modules_to_save\": null").contains("\"ensure_weight_tying\": false");
        Files.writeString(
                other.resolve("adapter_config.json"),
                config.replace("\"modules_to_save\": null", "\"modules_to_save\": " + names)
                        .replace("\"ensure_weight_tying\": false", said));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        var file = Safetensors.open(FIXTURES.resolve("lora").resolve(PeftAdapter.WEIGHTS));
        file.names().forEach(name -> tensors.put(name, file.read(name)));
        tensors.putAll(more);
        Safetensors.write(other.resolve(PeftAdapter.WEIGHTS), tensors, Map.of());
        return other;
    }

    @Test
    void one_without_the_tensors_of_layers_that_it_saves_as_a_whole_is_refused_with_all_of_them() throws IOException {
        try (Scope scope = Scope.open()) {
            Path other = saved(
                    "[\"lm_head\", \"norm\", \"classifier\"]",
                    "\"ensure_weight_tying\": false",
                    Map.of("base_model.model.model.norm.weight", Tensor.zeros(Shape.of(16))));
            // PEFT's names are ends of paths, also in the midst of a word.
            assertThatThrownBy(() -> PeftAdapter.read(other, llama(), IN))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(
                            "expected a tensor base_model.model.lm_head.weight [24, 16], as modules_to_save")
                    .hasMessageContaining("base_model.model.model.layers.1.input_layernorm.weight [16]")
                    .hasMessageContaining("base_model.model.model.layers.0.post_attention_layernorm.weight [16]")
                    .hasMessageNotContaining("model.norm.weight");
        }
    }

    @Test
    void layers_that_are_saved_as_a_whole_are_written_as_paths_that_mean_no_others_to_peft() throws IOException {
        try (Scope scope = Scope.open()) {
            Path other = saved(
                    "[\"model.norm\"]",
                    "\"ensure_weight_tying\": false",
                    Map.of("base_model.model.model.norm.weight", Tensor.zeros(Shape.of(16))));
            PeftAdapter read = PeftAdapter.read(other, llama(), IN);
            Lora named = Components.of(read.lora())
                    .with("modulesToSave", List.of("norm"))
                    .record();
            Path out = temporary.resolve("out");
            new PeftAdapter(named, read.model(), read.tensors()).write(out, IN, "base");
            assertThat(PeftAdapter.read(out, llama(), IN).lora().modulesToSave())
                    .containsExactly("model.norm");
        }
    }

    private static Layer tied() {
        return llama(new TiedDense(24, "model.embed_tokens.weight"));
    }

    @Test
    void the_embedding_that_is_the_head_too_is_exchanged_where_peft_ties_both_and_refused_where_it_changes_one()
            throws IOException {
        try (Scope scope = Scope.open()) {
            String embedding = "base_model.model.model.embed_tokens.weight";
            Tensor table = Tensor.ones(Shape.of(24, 16));
            Path alone = saved("[\"embed_tokens\"]", "\"ensure_weight_tying\": false", Map.of(embedding, table));
            assertThatThrownBy(() -> PeftAdapter.read(alone, tied(), IN))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(
                            "expected base_model.model.model.embed_tokens.weight and base_model.model.lm_head.weight"
                                    + " with the same values")
                    .hasMessageContaining("received the one without the other; train with ensure_weight_tying");
            Path apart = saved(
                    "[\"embed_tokens\", \"lm_head\"]",
                    "\"ensure_weight_tying\": false",
                    Map.of(embedding, table, "base_model.model.lm_head.weight", Tensor.zeros(Shape.of(24, 16))));
            assertThatThrownBy(() -> PeftAdapter.read(apart, tied(), IN)).hasMessageContaining("received other values");
            Path both = saved(
                    "[\"embed_tokens\", \"model.embed_tokens\"]", // As PEFT writes it.
                    "\"ensure_weight_tying\": true",
                    Map.of(embedding, table, "base_model.model.lm_head.weight", table));
            PeftAdapter read = PeftAdapter.read(both, tied(), IN);
            assertThat(read.tensors().tensors())
                    .containsKey("model.embed_tokens.weight")
                    .doesNotContainKey("lm_head.weight");
            Path out = temporary.resolve("out");
            read.write(out, IN, "base");
            assertThat(Safetensors.open(out.resolve(PeftAdapter.WEIGHTS)).names())
                    .contains(embedding, "base_model.model.lm_head.weight");
            assertThat(Files.readString(out.resolve("adapter_config.json"))).contains("\"ensure_weight_tying\" : true");
            assertThat(PeftAdapter.read(out, tied(), IN).lora().modulesToSave())
                    .containsExactlyInAnyOrder("model.embed_tokens", "lm_head");
            Lora head = Components.of(Lora.of(2, 4, "q_proj"))
                    .with("modulesToSave", List.of("lm_head"))
                    .record();
            assertThatThrownBy(() -> head.in(tied(), IN))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("received \"lm_head\", whose lm_head.weight is model.embed_tokens.weight");
        }
    }

    @Test
    void another_kind_of_adapter_and_a_pickle_are_refused() throws IOException {
        Path other = temporary.resolve("other");
        Files.createDirectories(other);
        assertThatThrownBy(() -> PeftAdapter.read(other, llama(), IN)).hasMessageContaining("no adapter_config.json");
        Files.writeString(other.resolve("adapter_config.json"), "{\"peft_type\": \"IA3\"}");
        assertThatThrownBy(() -> PeftAdapter.read(other, llama(), IN))
                .hasMessageContaining("\"LORA\", received \"IA3\"");
        Files.writeString(
                other.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"lora_bias\": true, \"target_parameters\": [\"x\"], \"target_modules\": [\"q_proj\"]}");
        assertThatThrownBy(() -> PeftAdapter.read(other, llama(), IN))
                .hasMessageContaining("lora_bias, target_parameters");
        Files.writeString(
                other.resolve("adapter_config.json"), "{\"peft_type\": \"LORA\", \"target_modules\": [\"q_proj\"]}");
        Files.writeString(other.resolve("adapter_model.bin"), "");
        assertThatThrownBy(() -> PeftAdapter.read(other, llama(), IN)).hasMessageContaining("safe_serialization=True");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'r': '8'|expected a whole number as 'r', received '8'",
                "'lora_alpha': true|expected a number as 'lora_alpha', received true",
                "'use_dora': 'yes'|expected true or false as 'use_dora', received 'yes'",
                "'bias': 'some'|expected none, all or lora_only as 'bias', received 'some'",
                "'rank_pattern': {'q_proj': '4'}|expected a whole number as 'q_proj', received '4'",
                "'alpha_pattern': ['q_proj']|expected an object of patterns as 'alpha_pattern', received ['q_proj']",
                "'modules_to_save': 'lm_head'|expected a list of names as 'modules_to_save', received 'lm_head'",
                "'target_modules': '\\\\Qq_proj'|expected a regular expression, received '(?:\\Qq_proj)'"
            })
    void a_value_of_another_type_in_a_configuration_is_refused_by_name(String said, String message) throws IOException {
        String targets = said.contains("target_modules") ? "" : "\"target_modules\": [\"q_proj\"], ";
        Files.writeString(
                temporary.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", " + targets + said.replace('\'', '"') + "}");
        assertThatThrownBy(() -> PeftAdapter.read(temporary, llama(), IN))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message.replace('\'', '"'));
    }

    @Test
    @Timeout(60)
    void a_pattern_of_layers_that_would_not_come_to_an_end_is_refused() {
        String endless = "(.*)".repeat(20) + "x";
        for (Lora lora : List.of(Lora.of(2, 2, "regex:" + endless), ranked(endless))) {
            assertThatThrownBy(() -> lora.in(llama(), IN))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected a regular expression that comes to an end");
        }
    }

    private static Lora ranked(String pattern) {
        Lora all = Lora.of(2, 2);
        return new Lora(
                2,
                2,
                0,
                all.targetModules(),
                List.of(),
                false,
                false,
                Lora.Bias.NONE,
                List.of(),
                Map.of(pattern, 4),
                Map.of(),
                all.baseStorage(),
                null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pissa", "pissa_niter_4", "olora", "corda", "loftq", "lora_ga"})
    void one_that_belongs_to_a_base_with_other_weights_is_refused(String first) throws IOException {
        Path other = temporary.resolve("other");
        Files.createDirectories(other);
        Files.copy(FIXTURES.resolve("lora").resolve(PeftAdapter.WEIGHTS), other.resolve(PeftAdapter.WEIGHTS));
        String config = Files.readString(FIXTURES.resolve("lora/adapter_config.json"));
        assertThat(config).contains("\"init_lora_weights\": true");
        Files.writeString(
                other.resolve("adapter_config.json"),
                config.replace("\"init_lora_weights\": true", "\"init_lora_weights\": \"" + first + "\""));
        assertThatThrownBy(() -> PeftAdapter.read(other, llama(), IN))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("\"" + first + "\", which has changed the base's weights");
    }
}
