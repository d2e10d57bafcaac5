package dev.jumbo.nn.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadTest {
    private static final JsonNode FIXTURE = JsonFixture.read("parameters");
    private static final Sequential NETWORK = Sequential.of(Layers.dense(3), Layers.dense(2));

    @TempDir
    Path directory;

    @Test
    void shards_of_transformers_come_under_other_names_transposed_split_and_joined() {
        NameMap map = NameMap.of(
                NameRule.rename("transformer\\.wte\\.weight", "embed.weight"),
                NameRule.rename("transformer\\.ln_f\\.weight", "norm.weight"),
                NameRule.transpose("transformer\\.h\\.\\d+\\.(attn\\.c_attn|mlp\\.c_fc)\\.weight"),
                NameRule.split(
                        "transformer\\.h\\.(\\d+)\\.attn\\.c_attn\\.weight",
                        0,
                        List.of(8L, 8L, 8L),
                        List.of("blocks.$1.q.weight", "blocks.$1.k.weight", "blocks.$1.v.weight")),
                NameRule.rename("transformer\\.h\\.(\\d+)\\.mlp\\.c_fc\\.weight", "blocks.$1.up.weight"),
                NameRule.join(
                        List.of("transformer\\.h\\.(\\d+)\\.ln_1\\.weight", "transformer\\.h\\.(\\d+)\\.ln_2\\.weight"),
                        0,
                        "blocks.$1.norms"),
                NameRule.drop("transformer\\..*"));
        TensorSource source = WeightFiles.open(resource("weights/gpt2"));
        Map<String, Shape> wanted = new LinkedHashMap<>();
        JsonNode expected = FIXTURE.get("gpt2");
        expected.fields()
                .forEachRemaining(e -> wanted.put(
                        e.getKey(), Shape.of(JsonFixture.longs(e.getValue().get("shape")))));
        try (Scope scope = Scope.open()) {
            LoadPlan plan = LoadPlan.of(new Weights(source, map, Missing.none()), wanted, Map.of());
            assertThat(plan.report().loaded()).hasSize(12);
            assertThat(plan.report().fresh()).isEmpty();
            wanted.forEach((name, shape) -> {
                Tensor read = plan.read(name);
                assertThat(read.shape()).isEqualTo(shape);
                assertThat(read.dtype()).isEqualTo(DType.FLOAT16);
                assertThat(read.to(DType.FLOAT32).contiguous().toFloats())
                        .as(name)
                        .isEqualTo(JsonFixture.floats(expected.get(name).get("values")));
            });
        }
    }

    @Test
    void every_type_of_numbers_becomes_fp32_as_torch_converts_it() {
        JsonNode expected = FIXTURE.get("types");
        for (String type : List.of("f64", "f32", "f16", "bf16")) {
            Weights weights = new Weights(
                    TensorSource.open(resource("weights/types.safetensors")),
                    NameMap.of(NameRule.rename(type, "layers.0.weight"), NameRule.drop("[a-z0-9]+")),
                    Missing.allowed("layers.0.bias"));
            try (Model model =
                            build(Sequential.of(Layers.dense(2)), 3, FirstValues.loaded(weights, RandomState.of(1)));
                    Scope scope = Scope.open()) {
                assertThat(values(model, "layers.0.weight")).as(type).isEqualTo(JsonFixture.floats(expected.get(type)));
            }
        }
        assertThatThrownBy(() -> build(
                        Sequential.of(Layers.dense(2)),
                        3,
                        FirstValues.loaded(
                                new Weights(
                                        TensorSource.open(resource("weights/types.safetensors")),
                                        NameMap.of(NameRule.rename("i32", "layers.0.weight"), NameRule.drop(".*f.*")),
                                        Missing.allowed("layers.0.bias")),
                                RandomState.of(1))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected \"layers.0.weight\" in F32, F64, F16 or BF16, received I32");
    }

    @Test
    void one_error_names_all_that_is_missing_extra_and_of_another_shape() {
        try (Model model = build(NETWORK, 4, FirstValues.drawn(RandomState.of(1)));
                Scope scope = Scope.open()) {
            float[] before = model.store().values().toFloats();
            Map<String, Tensor> given = new LinkedHashMap<>(model.state());
            given.remove("layers.0.bias");
            given.remove("layers.1.bias");
            given.put("layers.1.weight", Tensor.zeros(Shape.of(5, 3)));
            given.put("head.weight", Tensor.zeros(Shape.of(1)));
            given.put("head.bias", Tensor.zeros(Shape.of(1)));
            assertThatThrownBy(() -> model.load(given))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected a tensor \"layers.0.bias\" [3], found none")
                    .hasMessageContaining("expected a tensor \"layers.1.bias\" [2], found none")
                    .hasMessageContaining("expected \"layers.1.weight\" to have the shape [2, 3], received [5, 3]")
                    .hasMessageContaining("no parameters named [head.weight, head.bias]");
            assertThat(model.store().values().toFloats()).isEqualTo(before);
        }
    }

    @Test
    void what_is_loaded_is_not_drawn_and_the_rest_is_as_in_a_plain_build() {
        AtomicInteger draws = new AtomicInteger();
        Initializer counting = (tensor, fans) -> {
            draws.incrementAndGet();
            tensor.uniform_(-1, 1);
        };
        Sequential network = Sequential.of(counted(3, counting), counted(2, counting));
        try (Model plain = build(network, 4, FirstValues.drawn(RandomState.of(9)));
                Model other = build(network, 4, FirstValues.drawn(RandomState.of(5)));
                Scope scope = Scope.open()) {
            assertThat(draws.getAndSet(0)).isEqualTo(8);
            Map<String, Tensor> backbone = new LinkedHashMap<>(other.state());
            backbone.keySet().removeIf(name -> name.startsWith("layers.1"));
            Weights weights = new Weights(TensorSource.of(backbone), NameMap.none(), Missing.allowed("layers.1"));
            try (Model loaded = build(network, 4, FirstValues.loaded(weights, RandomState.of(9)))) {
                assertThat(draws.getAndSet(0)).isEqualTo(2);
                assertThat(values(loaded, "layers.0.weight")).isEqualTo(values(other, "layers.0.weight"));
                assertThat(values(loaded, "layers.0.bias")).isEqualTo(values(other, "layers.0.bias"));
                assertThat(values(loaded, "layers.1.weight")).isEqualTo(values(plain, "layers.1.weight"));
                assertThat(values(loaded, "layers.1.bias")).isEqualTo(values(plain, "layers.1.bias"));
                LoadReport report = loaded.store().report().orElseThrow();
                assertThat(report.loaded()).containsExactly("layers.0.weight", "layers.0.bias");
                assertThat(report.fresh()).containsExactly("layers.1.weight", "layers.1.bias");
            }
            try (Model whole = build(network, 4, FirstValues.loaded(Weights.of(TensorSource.of(other.state()))))) {
                assertThat(draws.get()).isZero();
                assertThat(whole.store().values().toFloats())
                        .isEqualTo(other.store().values().toFloats());
            }
        }
    }

    @Test
    void a_new_head_takes_the_place_of_one_of_another_shape() {
        try (Model old = build(NETWORK, 4, FirstValues.drawn(RandomState.of(1)));
                Scope scope = Scope.open()) {
            Weights weights = new Weights(TensorSource.of(old.state()), NameMap.none(), Missing.allowed("layers.1"));
            Sequential wider = Sequential.of(Layers.dense(3), Layers.dense(5));
            try (Model model = build(wider, 4, FirstValues.loaded(weights, RandomState.of(2)))) {
                LoadReport report = model.store().report().orElseThrow();
                assertThat(report.fresh()).containsExactly("layers.1.weight", "layers.1.bias");
                assertThat(report.passedOver()).containsExactly("layers.1.weight", "layers.1.bias");
                assertThat(values(model, "layers.0.weight")).isEqualTo(values(old, "layers.0.weight"));
            }
        }
    }

    @Test
    void hostile_and_broken_indices_are_refused_with_what_is_wrong() throws IOException {
        try (Scope scope = Scope.open()) {
            Safetensors.write(directory.resolve("a.safetensors"), Map.of("x", Tensor.zeros(Shape.of(2))), Map.of());
            Safetensors.write(
                    directory.resolve("b.safetensors"),
                    Map.of("x", Tensor.zeros(Shape.of(2)), "y", Tensor.zeros(Shape.of(2))),
                    Map.of());
        }
        for (String outside : List.of("../a.safetensors", "/etc/a.safetensors", "c/a.safetensors", "..", "a.bin")) {
            refused("{\"weight_map\": {\"x\": \"" + outside + "\"}}", "expected the name of a safetensors file beside");
        }
        refused("{\"weight_map\": {\"x\": 3}}", "expected the name of a safetensors file beside");
        refused(
                "{\"weight_map\": {\"x\": \"a.safetensors\", \"y\": \"gone.safetensors\"}}",
                "missing: gone.safetensors");
        refused("{\"weight_map\": {\"y\": \"a.safetensors\"}}", "\"y\" is not in a.safetensors");
        refused(
                "{\"weight_map\": {\"x\": \"a.safetensors\", \"y\": \"b.safetensors\"}}",
                "\"x\" is in a.safetensors and in b.safetensors");
        refused("{\"weight_map\": {\"x\": \"a.safetensors\", \"x\": \"b.safetensors\"}}", "\"x\"");
        refused("{\"weight_map\": {}}", "weight_map");
        refused("{\"weights\": {}}", "weight_map");
        refused("{\"weight_map\": ", "index.json");
        refused("[1]", "weight_map");
    }

    private void refused(String index, String why) throws IOException {
        Path file = directory.resolve("model.safetensors.index.json");
        Files.writeString(file, index);
        assertThatThrownBy(() -> WeightFiles.open(directory))
                .as(index)
                .isInstanceOf(InputException.class)
                .hasMessageContaining(why);
    }

    @Test
    void a_directory_with_several_files_and_no_index_is_not_guessed_at() throws IOException {
        Files.createFile(directory.resolve("a.safetensors"));
        Files.createFile(directory.resolve("b.safetensors"));
        assertThatThrownBy(() -> WeightFiles.open(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found 2 files and 0 indices");
        assertThatThrownBy(() -> WeightFiles.open(directory.resolve("none")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found nothing");
    }

    @Test
    void rules_that_do_not_fit_say_what_they_met() {
        try (Scope scope = Scope.open()) {
            TensorSource source = TensorSource.of(Map.of(
                    "a.0.w", Tensor.zeros(Shape.of(4, 2)),
                    "a.1.w", Tensor.zeros(Shape.of(4, 2)),
                    "b.0.w", Tensor.zeros(Shape.of(4, 2)),
                    "a.0.b", Tensor.zeros(Shape.of(4))));
            Stream.of(
                            Map.entry(NameRule.rename("d\\.(\\d+)", "c"), "match \"d\\.(\\d+)\", found none"),
                            Map.entry(NameRule.rename("a\\..\\.w", "c"), "two of the name \"c\""),
                            Map.entry(NameRule.rename("a\\.0\\.w", "c.$1"), "expected groups"),
                            Map.entry(NameRule.rename("a\\.0\\.w", "a.1.w"), "two of the name \"a.1.w\""),
                            Map.entry(NameRule.transpose("a.0.b"), "expected a matrix"),
                            Map.entry(
                                    NameRule.split("a.0.w", 0, List.of(1L, 2L), List.of("x", "y")),
                                    "add up to 4, dimension 0"),
                            Map.entry(
                                    NameRule.split("a.0.w", 2, List.of(1L, 3L), List.of("x", "y")),
                                    "expected a dim of \"a.0.w\" [4, 2], received 2"),
                            Map.entry(
                                    NameRule.join(List.of("a\\.(\\d)\\.w", "b\\.(\\d)\\.w"), 0, "c.$1"),
                                    "to make \"c.1\", found [a.1.w]"),
                            Map.entry(NameRule.join(List.of("a\\.0\\.w", "a\\.0\\.b"), 0, "c"), "to fit \"a.0.w\""))
                    .forEach(
                            e -> assertThatThrownBy(() -> NameMap.of(e.getKey()).apply(source))
                                    .isInstanceOf(InputException.class)
                                    .hasMessageContaining(e.getValue()));
            assertThatThrownBy(() -> NameRule.rename("(", "x")).isInstanceOf(InputException.class);
            assertThatThrownBy(() -> NameRule.split("a", 0, List.of(1L), List.of()))
                    .isInstanceOf(InputException.class);
        }
    }

    @Test
    void joining_what_was_split_gives_the_tensor_again() {
        try (Scope scope = Scope.open()) {
            Tensor w = Tensor.zeros(Shape.of(3, 5)).normal_(0, 1);
            TensorSource mapped = NameMap.of(
                            NameRule.split("w", -1, List.of(2L, 3L), List.of("a", "b")),
                            NameRule.join(List.of("a", "b"), 1, "v"))
                    .apply(TensorSource.of(Map.of("w", w)));
            assertThat(mapped.tensor("v").read().get().toFloats()).isEqualTo(w.toFloats());
            assertThat(mapped.tensor("v").shape()).isEqualTo(w.shape());
        }
    }

    private static Dense counted(int units, Initializer initializer) {
        return new Dense(units, Activation.LINEAR, true, initializer, initializer);
    }

    private static Model build(Sequential network, int inputs, FirstValues first) {
        return Model.build(network, Specs.of(Shape.of(inputs)), first, ParameterGroups.none(), Device.CPU);
    }

    private static float[] values(Model model, String name) {
        return Objects.requireNonNull(model.state().get(name)).toFloats();
    }

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(LoadTest.class.getResource("/fixtures/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
