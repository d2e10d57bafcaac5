package dev.jumbo.nn.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every layer against PyTorch's numbers, and against Keras's where the padding is {@code same}. */
class LayerFixturesTest {
    private static final Map<String, Layer> LAYERS = FixtureLayers.byName();

    @TestFactory
    Stream<DynamicTest> every_layer_has_the_values_and_gradients_of_the_reference() {
        return LAYERS.entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(
                        e.getKey() + " has the outputs, gradients and running statistics of the reference",
                        () -> check(e.getKey(), e.getValue())));
    }

    @TestFactory
    Stream<DynamicTest> every_layer_computes_in_bf16_near_its_fp32_result() {
        return LAYERS.entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(
                        e.getKey() + " computes in bf16 near its fp32 result",
                        () -> checkLowPrecision(e.getKey(), e.getValue())));
    }

    @Test
    void every_fixture_is_compared() throws IOException, URISyntaxException {
        URL directory = Objects.requireNonNull(getClass().getResource("/fixtures/layers"));
        try (Stream<Path> files = Files.list(Path.of(directory.toURI()))) {
            List<String> names = files.map(f -> f.getFileName().toString().replace(".json", ""))
                    .toList();
            assertThat(new TreeSet<>(names)).isEqualTo(LAYERS.keySet());
        }
    }

    private static void check(String name, Layer layer) {
        JsonNode fixture = read(name);
        try (Scope scope = Scope.open();
                Model model = build(layer, fixture)) {
            model.load(tensors(fixture.get("parameters")));
            model.store().prepareTraining(false);
            List<Tensor> xs = tensorList(fixture.get("inputs"));
            assertClose(
                    "eval",
                    fixture.get("eval"),
                    model.forward(Tensors.of(xs), Pass.inference()).all(),
                    1e-5);
            xs.forEach(LayerFixturesTest::differentiate);
            List<Tensor> ys = model.forward(Tensors.of(xs), Pass.forTraining()).all();
            assertClose("train", fixture.get("train"), ys, 1e-5);
            for (int i = 0; i < ys.size(); i++) {
                assertThat(ys.get(i).shape().slice(1, ys.get(i).rank()))
                        .as("the shape that the description gave")
                        .isEqualTo(model.outputs().shapes().get(i));
            }
            backward(ys, fixture);
            for (int i = 0; i < xs.size(); i++) {
                JsonNode expected = fixture.get("input_gradients").get(i);
                if (!expected.isNull()) {
                    assertClose("input gradient " + i, expected, xs.get(i).grad(), 1e-5);
                }
            }
            Map<String, Tensor> gradients = model.store().gradientsByName();
            assertThat(gradients.keySet())
                    .isEqualTo(tensors(fixture.get("gradients")).keySet());
            gradients.forEach((p, g) ->
                    assertClose("gradient of " + p, fixture.get("gradients").get(p), g, 1e-5));
            Map<String, Tensor> after = model.state();
            fixture.get("after")
                    .fields()
                    .forEachRemaining(e -> assertClose(
                            e.getKey() + " after the step",
                            e.getValue(),
                            Objects.requireNonNull(after.get(e.getKey())),
                            1e-5));
        }
    }

    /** bf16 has 8 bits of precision: outputs of order 1 to 10 differ in the second decimal. */
    private static void checkLowPrecision(String name, Layer layer) {
        JsonNode fixture = read(name);
        try (Scope scope = Scope.open();
                Model model = build(layer, fixture)) {
            model.load(tensors(fixture.get("parameters")));
            model.store().prepareTraining(true);
            List<Tensor> xs = tensorList(fixture.get("inputs"));
            xs.forEach(LayerFixturesTest::differentiate);
            List<Tensor> ys = model.forward(Tensors.of(xs), Pass.forTraining()).all();
            assertClose("train", fixture.get("train"), ys, 0.1);
            backward(ys, fixture);
            model.store().gatherGradients();
            assertThat(model.store().gradients().isFinite().all().item()).isEqualTo(1);
        }
    }

    private static void backward(List<Tensor> ys, JsonNode fixture) {
        List<Tensor> weights = tensorList(fixture.get("weights"));
        Tensor loss = Tensor.scalar(0);
        for (int i = 0; i < ys.size(); i++) {
            loss = loss.add(ys.get(i).mul(weights.get(i)).sum());
        }
        loss.backward();
    }

    private static void differentiate(Tensor x) {
        if (x.dtype().isFloating()) {
            x.requiresGrad(true);
        }
    }

    private static Model build(Layer layer, JsonNode fixture) {
        List<Shape> inputs = new ArrayList<>();
        for (JsonNode input : fixture.get("inputs")) {
            Shape shape = shape(input);
            inputs.add(shape.slice(1, shape.rank()));
        }
        return Model.build(layer, Specs.of(inputs), RandomState.of(1));
    }

    private static void assertClose(String what, JsonNode expected, List<Tensor> actual, double tolerance) {
        assertThat(actual).as(what).hasSize(expected.size());
        for (int i = 0; i < actual.size(); i++) {
            assertClose(what + " " + i, expected.get(i), actual.get(i), tolerance);
        }
    }

    private static void assertClose(String what, JsonNode expected, Tensor actual, double tolerance) {
        assertThat(actual.shape()).as(what).isEqualTo(shape(expected));
        float[] values = actual.toFloats();
        for (int i = 0; i < values.length; i++) {
            double wanted = expected.get("values").get(i).asDouble();
            assertThat((double) values[i])
                    .as("%s, value %d", what, i)
                    .isCloseTo(wanted, within(tolerance + tolerance * Math.abs(wanted)));
        }
    }

    private static Map<String, Tensor> tensors(JsonNode named) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        named.fields().forEachRemaining(e -> tensors.put(e.getKey(), tensor(e.getValue())));
        return tensors;
    }

    private static List<Tensor> tensorList(JsonNode list) {
        List<Tensor> tensors = new ArrayList<>();
        list.forEach(t -> tensors.add(tensor(t)));
        return tensors;
    }

    /** Whole numbers are ids. */
    private static Tensor tensor(JsonNode node) {
        JsonNode values = node.get("values");
        return values.get(0).isIntegralNumber()
                ? Tensor.of(JsonFixture.longs(values), shape(node))
                : Tensor.of(JsonFixture.floats(values), shape(node));
    }

    private static Shape shape(JsonNode node) {
        return Shape.of(JsonFixture.longs(node.get("shape")));
    }

    private static JsonNode read(String name) {
        return JsonFixture.read("layers/" + name);
    }
}
