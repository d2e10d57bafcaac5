package dev.jumbo.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.Summary;
import dev.jumbo.nn.layers.sequence.RopeScaling;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Models whose weights are public against torchvision and Hugging Face: counts, names, and what they compute. */
class PublicModelsTest {
    static Stream<Arguments> published() {
        return Stream.of(
                Arguments.of("resnet50", Resnet50.of(1000), 25_557_032L),
                Arguments.of("vit_b_16", VitB16.of(1000), 86_567_656L),
                Arguments.of("gpt2", Gpt2.small(), 124_439_808L),
                Arguments.of("llama3_8b", Llama3.llama3_8b(), 8_030_261_248L));
    }

    @ParameterizedTest
    @MethodSource("published")
    void a_public_model_has_exactly_the_published_number_of_parameters(String name, PublicModel model, long count) {
        Layer layer = model.layer();
        Parameters slots = Parameters.collect();
        layer.build(model.input(), slots);
        assertThat(slots.count()).isEqualTo(count);
        assertThat(Summary.of(layer, model.input()).parameters()).isEqualTo(count);
        assertThat(Cost.of(layer, model.input(), Compute.CPU).stream()
                        .mapToLong(Operation::parameters)
                        .sum())
                .isEqualTo(count);
    }

    @ParameterizedTest
    @MethodSource("published")
    void its_tensors_have_the_public_names_and_shapes_by_its_name_map(String name, PublicModel model, long count)
            throws IOException {
        Map<String, TensorSource.Stored> published = new LinkedHashMap<>();
        for (String line : text("names/" + name + ".txt").split("\n")) {
            int at = line.indexOf(' ');
            published.put(line.substring(0, at), stored(shape(line.substring(at + 1))));
        }
        if (name.equals("resnet50")) {
            published.put("bn1.num_batches_tracked", stored(Shape.of()));
        }
        // Tied: the file may hold the second name too, or not.
        Map<String, String> mapped = new TreeMap<>();
        model.publicNames()
                .apply(source(published))
                .tensors()
                .forEach((n, stored) -> mapped.put(n, stored.shape().toString()));
        if (name.equals("gpt2")) {
            mapped.remove("lm_head.weight");
        }
        FlatOrder order = FlatOrder.of(model.layer(), model.input());
        Map<String, String> own = new TreeMap<>();
        Stream.concat(order.trainable().stream(), order.buffers().stream())
                .forEach(p -> own.put(p.name(), p.shape().toString()));
        assertThat(own).isEqualTo(mapped);
    }

    static Stream<Arguments> small() {
        RopeScaling scaling = new RopeScaling(8, 1, 4, 16);
        return Stream.of(
                Arguments.of("resnet50", Resnet50.of(1000), Specs.of(Shape.of(3, 64, 64))),
                Arguments.of("vit", new VitB16(5, 32, 8, 32, 2, 4, 48, 0), Specs.of(Shape.of(3, 32, 32))),
                Arguments.of("gpt2", new Gpt2(50, 16, 32, 2, 4, 0.1), tokens()),
                Arguments.of("llama", llama(null, 500000, null, false), tokens()),
                Arguments.of("llama_scaled", llama(null, 10000, scaling, false), tokens()),
                Arguments.of("qwen3", llama(8, 10000, null, true), tokens()));
    }

    private static Llama3 llama(
            @Nullable Integer headDim, double theta, @Nullable RopeScaling scaling, boolean qkNorm) {
        return new Llama3(50, 64, 32, 48, 2, 4, 2, headDim, theta, scaling, 1e-5, false, qkNorm, false);
    }

    private static Specs tokens() {
        return Specs.of(Spec.ids(12).varying(0)).with("mask", new Spec(Shape.of(12), DType.BOOL, List.of(0)));
    }

    @ParameterizedTest
    @MethodSource("small")
    void it_computes_what_the_public_one_computes_in_fp32_and_bf16_and_with_padding(
            String name, PublicModel described, Specs in) {
        JsonNode fixture = json("values/" + name + ".json");
        try (Scope scope = Scope.open();
                Model model = Model.build(described.layer(), in.mainAlone(), RandomState.of(1))) {
            load(model, described, fixture);
            model.store().prepareTraining(false);
            Tensor x = input(fixture);
            Tensor y = model.forward(x, Pass.inference());
            assertClose("outputs", fixture.path("outputs"), y, 2e-5);
            y.mul(wave(y.shape(), 7)).sum().backward();
            Map<String, JsonNode> gradients = byOwnName(described, fixture.path("gradients"));
            Map<String, Tensor> own = model.store().gradientsByName();
            assertThat(own.keySet()).isEqualTo(gradients.keySet());
            own.forEach((p, g) -> assertGradient(p, Objects.requireNonNull(gradients.get(p)), g));
        }
        if (fixture.has("masked")) {
            assertMasked(described, in, fixture);
        }
        if (fixture.has("bf16")) {
            assertLowPrecision(described, in.mainAlone(), fixture);
        }
    }

    private static void assertMasked(PublicModel described, Specs in, JsonNode fixture) {
        try (Scope scope = Scope.open();
                Model model = Model.build(described.layer(), in, RandomState.of(1))) {
            load(model, described, fixture);
            Tensor x = input(fixture);
            Tensor mask = Tensor.of(longs(fixture.path("mask")), x.shape()).to(DType.BOOL);
            Tensor y = model.forward(Tensors.of(x).with("mask", mask), Pass.inference())
                    .main();
            JsonNode expected = fixture.path("masked");
            long[] real = mask.to(DType.INT64).toLongs();
            float[] values = y.toFloats();
            int width = values.length / real.length;
            for (int i = 0; i < values.length; i++) {
                if (real[i / width] == 1) {
                    assertThat((double) values[i])
                            .isCloseTo(expected.path("values").get(i).asDouble(), within(2e-5));
                }
            }
        }
    }

    /** bf16 has 8 bits of precision, and the order of rounding is not the same: no further from fp32 than the public one. */
    private static void assertLowPrecision(PublicModel described, Specs in, JsonNode fixture) {
        try (Scope scope = Scope.open();
                Model model = Model.build(described.layer(), in, RandomState.of(1))) {
            load(model, described, fixture);
            model.store().prepareTraining(true);
            float[] values = model.forward(input(fixture), Pass.inference()).toFloats();
            JsonNode exact = fixture.path("outputs").path("values");
            JsonNode theirs = fixture.path("bf16").path("values");
            double own = 0;
            double publicOne = 0;
            for (int i = 0; i < values.length; i++) {
                own += Math.pow(values[i] - exact.get(i).asDouble(), 2);
                publicOne += Math.pow(theirs.get(i).asDouble() - exact.get(i).asDouble(), 2);
            }
            assertThat(Math.sqrt(own / publicOne))
                    .as("distance from fp32 in bf16, against the public one's")
                    .isLessThan(1.3);
        }
    }

    /** As make_public_fixtures.py fills a model, through the public names and shapes. */
    private static void load(Model model, PublicModel described, JsonNode fixture) {
        Map<String, String> publicName = new LinkedHashMap<>();
        Map<String, TensorSource.Stored> named = new LinkedHashMap<>();
        Iterable<String> names = () -> fixture.path("gradients").fieldNames();
        names.forEach(n -> named.put(n, stored(Shape.of(1, 1))));
        for (String n : names) {
            publicName.put(ownName(described, n, named), n);
        }
        Map<String, Tensor> values = new LinkedHashMap<>();
        FlatOrder order = FlatOrder.of(described.layer(), model.inputs());
        Stream.concat(order.trainable().stream(), order.buffers().stream())
                .forEach(p -> values.put(p.name(), filled(p, publicName.getOrDefault(p.name(), p.name()))));
        model.load(values);
    }

    private static String ownName(PublicModel described, String name, Map<String, TensorSource.Stored> all) {
        if (described instanceof Resnet50) {
            return name;
        }
        List<String> before = List.copyOf(all.keySet());
        List<String> after =
                List.copyOf(described.publicNames().apply(source(all)).tensors().keySet());
        return after.get(before.indexOf(name));
    }

    private static Map<String, JsonNode> byOwnName(PublicModel described, JsonNode gradients) {
        Map<String, TensorSource.Stored> all = new LinkedHashMap<>();
        gradients.fieldNames().forEachRemaining(n -> all.put(n, stored(Shape.of(1, 1))));
        Map<String, JsonNode> named = new LinkedHashMap<>();
        gradients.fields().forEachRemaining(e -> named.put(ownName(described, e.getKey(), all), e.getValue()));
        return named;
    }

    private static Tensor filled(Parameter p, String publicName) {
        int phase = publicName.chars().sum() % 1000;
        float[] values = waves(p.shape(), phase);
        boolean vector = p.shape().rank() == 1;
        boolean scale = publicName.endsWith("weight") || publicName.endsWith("running_var");
        double fan = Math.sqrt((double) p.shape().elements() / p.shape().size(0));
        if (publicName.equals("class_token") || publicName.equals("encoder.pos_embedding")) {
            fan = Math.sqrt((double) p.shape().elements());
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (vector ? values[i] / 10 + (scale ? 1 : 0) : values[i] / fan);
        }
        return Tensor.of(values, p.shape());
    }

    private static Tensor input(JsonNode fixture) {
        Shape shape = Shape.of(longs(fixture.path("shape")));
        return fixture.path("inputs").isNull() ? wave(shape, 3) : Tensor.of(longs(fixture.path("inputs")), shape);
    }

    private static Tensor wave(Shape shape, int phase) {
        return Tensor.of(waves(shape, phase), shape);
    }

    private static float[] waves(Shape shape, int phase) {
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(1 + 0.37 * i + phase);
        }
        return values;
    }

    private static void assertClose(String what, JsonNode expected, Tensor actual, double tolerance) {
        float[] values = actual.toFloats();
        assertThat(values).as(what).hasSize(expected.path("values").size());
        for (int i = 0; i < values.length; i++) {
            double wanted = expected.path("values").get(i).asDouble();
            assertThat((double) values[i])
                    .as("%s, value %d", what, i)
                    .isCloseTo(wanted, within(tolerance * (1 + Math.abs(wanted))));
        }
    }

    private static void assertGradient(String name, JsonNode expected, Tensor gradient) {
        double norm = expected.path("norm").asDouble();
        double[] values = gradient.to(DType.FLOAT64).toDoubles();
        assertThat(Math.sqrt(Arrays.stream(values).map(v -> v * v).sum()))
                .as("norm of the gradient of %s", name)
                .isCloseTo(norm, within(1e-4 * norm + 1e-6));
        assertThat(Arrays.stream(values).sum())
                .as("sum of the gradient of %s", name)
                .isCloseTo(expected.path("sum").asDouble(), within(1e-4 * norm * Math.sqrt(values.length) + 1e-6));
        for (int i = 0; i < expected.path("first").size(); i++) {
            assertThat(values[i])
                    .as("gradient of %s, value %d", name, i)
                    .isCloseTo(expected.path("first").get(i).asDouble(), within(1e-4 * norm + 1e-6));
        }
    }

    private static TensorSource source(Map<String, TensorSource.Stored> tensors) {
        return new TensorSource() {
            @Override
            public String where() {
                return "the public file";
            }

            @Override
            public Map<String, Stored> tensors() {
                return tensors;
            }
        };
    }

    private static TensorSource.Stored stored(Shape shape) {
        return new TensorSource.Stored(DType.FLOAT32, shape, () -> {
            throw new IllegalStateException("not read");
        });
    }

    private static Shape shape(String listed) {
        return Shape.of(Arrays.stream(listed.replaceAll("[\\[\\] ]", "").split(","))
                .filter(s -> !s.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray());
    }

    private static long[] longs(JsonNode list) {
        long[] values = new long[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i).asLong();
        }
        return values;
    }

    private static JsonNode json(String name) {
        try {
            return new ObjectMapper().readTree(text(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(String name) throws IOException {
        try (InputStream in = PublicModelsTest.class.getResourceAsStream("/public/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
