package dev.jumbo.nn.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.nn.ExampleBatch;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.PerExampleGradients;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Gradients per example of every layer of the fixtures against back-propagation of one example after the other. */
class PerExampleGradientsTest {
    @TestFactory
    Stream<DynamicTest> every_layer_agrees_with_back_propagation_one_by_one() {
        return FixtureLayers.byName().entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> compare(e.getKey(), e.getValue())));
    }

    private static void compare(String name, Layer layer) {
        JsonNode fixture = JsonFixture.read("layers/" + name);
        try (Scope scope = Scope.open();
                Model model = build(layer, fixture)) {
            if (model.store().trainable().isEmpty()) {
                return;
            }
            model.load(tensors(fixture.get("parameters")));
            model.store().prepareTraining(false);
            Tensors xs = Tensors.of(tensorList(fixture.get("inputs")));
            List<Tensor> weights = tensorList(fixture.get("weights"));
            // Normalisation over a batch mixes its examples in training.
            Pass pass = name.contains("batch_norm") || name.equals("cnn") ? Pass.inference() : Pass.forTraining();
            Map<String, List<Tensor>> expected = oneByOne(model, xs, weights, pass);
            try (PerExampleGradients perExample = new PerExampleGradients(model)) {
                // The first batch is propagated back the plain way as well, so later ones go another way.
                for (int round = 0; round < 3; round++) {
                    try (Scope inner = Scope.open()) {
                        model.store().zeroGradients();
                        ExampleBatch batch = perExample.of(pass, p -> loss(model.forward(xs, p), weights));
                        if (round == 2) {
                            check(batch.gradients(), expected);
                        }
                        checkSums(batch, model, expected);
                    }
                }
            }
        }
    }

    static void checkSums(ExampleBatch batch, Model model, Map<String, List<Tensor>> expected) {
        int n = expected.values().iterator().next().size();
        float[] norms = batch.norms().toFloats();
        float[] factors = new float[n];
        for (int i = 0; i < n; i++) {
            double squares = 0;
            for (List<Tensor> each : expected.values()) {
                double norm = each.get(i).to(DType.FLOAT64).norm().item();
                squares += norm * norm;
            }
            assertThat((double) norms[i])
                    .as("norm " + i)
                    .isCloseTo(Math.sqrt(squares), within(1e-5 * (1 + Math.sqrt(squares))));
            factors[i] = 0.5f + i;
        }
        batch.addSum(Tensor.of(factors, Shape.of(n)));
        Map<String, Tensor> sums = model.store().gradientsByName();
        expected.forEach((parameter, each) -> {
            Tensor sum = each.get(0).mul(factors[0]);
            for (int i = 1; i < n; i++) {
                sum = sum.add(each.get(i).mul(factors[i]));
            }
            assertClose("sum of " + parameter, Objects.requireNonNull(sums.get(parameter)), sum);
        });
    }

    static void check(Map<String, Tensor> gradients, Map<String, List<Tensor>> expected) {
        assertThat(gradients.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((parameter, each) -> {
            for (int i = 0; i < each.size(); i++) {
                Tensor received =
                        Objects.requireNonNull(gradients.get(parameter)).select(0, i);
                assertClose(parameter + " of example " + i, received, each.get(i));
            }
        });
    }

    static void assertClose(String what, Tensor received, Tensor expected) {
        assertThat(received.shape()).as(what).isEqualTo(expected.shape());
        double scale = Math.max(1, expected.abs().max().item());
        assertThat(received.sub(expected).abs().max().item()).as(what).isLessThan(1e-5 * scale);
    }

    static Map<String, List<Tensor>> oneByOne(Model model, Tensors xs, List<Tensor> weights, Pass pass) {
        Map<String, List<Tensor>> all = new LinkedHashMap<>();
        for (long i = 0; i < xs.main().size(0); i++) {
            long at = i;
            model.store().zeroGradients();
            Tensors one = xs.map(x -> x.narrow(0, at, 1));
            List<Tensor> of = weights.stream().map(w -> w.narrow(0, at, 1)).toList();
            loss(model.forward(one, pass), of).backward();
            model.store()
                    .gradientsByName()
                    .forEach((name, g) ->
                            all.computeIfAbsent(name, key -> new ArrayList<>()).add(g));
        }
        model.store().zeroGradients();
        return all;
    }

    static Tensor loss(Tensors outputs, List<Tensor> weights) {
        Tensor total = null;
        for (int i = 0; i < weights.size(); i++) {
            Tensor part = outputs.all().get(i).mul(weights.get(i)).sum();
            total = total == null ? part : total.add(part);
        }
        return Objects.requireNonNull(total);
    }

    private static Model build(Layer layer, JsonNode fixture) {
        List<Tensor> xs = tensorList(fixture.get("inputs"));
        return Model.build(
                layer,
                Specs.of(xs.stream().map(x -> x.shape().slice(1, x.rank())).toList()),
                RandomState.of(1));
    }

    private static List<Tensor> tensorList(JsonNode list) {
        List<Tensor> tensors = new ArrayList<>();
        list.forEach(t -> tensors.add(tensor(t)));
        return tensors;
    }

    private static Map<String, Tensor> tensors(JsonNode object) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        object.fields().forEachRemaining(e -> tensors.put(e.getKey(), tensor(e.getValue())));
        return tensors;
    }

    private static Tensor tensor(JsonNode node) {
        JsonNode values = node.get("values");
        Shape shape = Shape.of(JsonFixture.longs(node.get("shape")));
        return values.get(0).isIntegralNumber()
                ? Tensor.of(JsonFixture.longs(values), shape)
                : Tensor.of(JsonFixture.floats(values), shape);
    }
}
