package dev.jumbo.nn.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.basic.TimeEmbedding;
import dev.jumbo.nn.layers.conv.Conv1d;
import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import dev.jumbo.nn.layers.sequence.Gru;
import dev.jumbo.nn.layers.sequence.LlamaBlock;
import dev.jumbo.nn.layers.sequence.Lstm;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.nn.layers.sequence.TransformerDecoderBlock;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Masks, memories and time steps that ride along: against PyTorch, and against batches without padding. */
class SideInputsTest {
    private static final int FEATURES = 8;
    private static final int STEPS = 6;
    private static final int[] LENGTHS = {6, 4, 1};
    private static final Set<String> BOOLEAN = Set.of(Masks.MASK, Masks.MEMORY_MASK);

    private static Map<String, Layer> fixtures() {
        Map<String, Layer> layers = new TreeMap<>();
        layers.put("decoder_block", new TransformerDecoderBlock(2, 12, 0, Activation.GELU, true, Map.of()));
        layers.put("decoder_block_norm_last", new TransformerDecoderBlock(2, 12, 0, Activation.GELU, false, Map.of()));
        layers.put("encoder_block", new TransformerBlock(2, 12, false, 0, Activation.GELU, true));
        layers.put("lstm", new Lstm(4, true, true, 2, 0));
        layers.put("gru_last", new Gru(4, false, true, 2, 0));
        layers.put("time_embedding", new TimeEmbedding(6, 10, 10000));
        return layers;
    }

    @TestFactory
    Stream<DynamicTest> layers_with_side_inputs_have_the_values_and_gradients_of_pytorch() {
        return fixtures().entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> check(e.getKey(), e.getValue())));
    }

    private static void check(String name, Layer layer) {
        JsonNode fixture = JsonFixture.read("sides/" + name);
        try (Scope scope = Scope.open()) {
            Tensor x = tensor(fixture.get("input"));
            Tensors xs = Tensors.of(x);
            Specs in = Specs.of(x.shape().slice(1, 3));
            for (String side : List.of("memory", "memory_mask", "mask", "time")) {
                JsonNode node = fixture.get("sides").get(side);
                if (node != null) {
                    Tensor given = BOOLEAN.contains(side) ? tensor(node).to(DType.BOOL) : tensor(node);
                    xs = xs.with(side, given);
                    in = in.with(side, Spec.of(given.shape().slice(1, given.rank()), given.dtype()));
                }
            }
            try (Model model = Model.build(Sequential.of(layer), in, RandomState.of(1))) {
                Map<String, Tensor> values = new LinkedHashMap<>();
                fixture.get("parameters")
                        .fields()
                        .forEachRemaining(e -> values.put("layers.0." + e.getKey(), tensor(e.getValue())));
                model.load(values);
                model.store().prepareTraining(false);
                x.requiresGrad(true);
                Tensor y = model.forward(xs, Pass.forTraining()).main();
                Tensor weights = tensor(fixture.get("weights"));
                assertClose("output", tensor(fixture.get("output")).mul(weights), y.mul(weights));
                y.mul(weights).sum().backward();
                assertClose("input gradient", tensor(fixture.get("input_gradient")), x.grad(), 2e-5);
                Map<String, Tensor> gradients = model.store().gradientsByName();
                fixture.get("gradients")
                        .fields()
                        .forEachRemaining(e -> assertClose(
                                "gradient of " + e.getKey(),
                                tensor(e.getValue()),
                                Objects.requireNonNull(gradients.get("layers.0." + e.getKey()), e.getKey()),
                                2e-5));
            }
        }
    }

    private static Conv1d same(int filters) {
        return new Conv1d(
                filters,
                3,
                Activation.RELU,
                1,
                Padding.same(),
                1,
                1,
                true,
                Initializers.glorotUniform(),
                Initializers.zeros());
    }

    private static Map<String, Layer> masked() {
        Map<String, Layer> layers = new TreeMap<>();
        layers.put("encoder", Layers.encoderBlock(2, 16, 0));
        layers.put("decoder", Layers.decoderBlock(2, 16, 0));
        layers.put("llama", new LlamaBlock(GroupedQueryAttention.of(4, 2, 10000), 12, 1e-5, false, Map.of()));
        layers.put("lstm", Layers.lstm(5));
        layers.put("lstm of two layers", new Lstm(5, true, false, 2, 0));
        layers.put("gru in both directions", new Gru(5, false, true, 2, 0));
        layers.put("lstm in both directions", new Lstm(5, true, true, 1, 0));
        layers.put("convolutions", Sequential.of(Layers.permute(2, 1), same(4), same(6), Layers.globalAvgPool()));
        layers.put("largest", Sequential.of(Layers.permute(2, 1), same(4), Layers.globalMaxPool()));
        layers.put(
                "normalised",
                Sequential.of(
                        Layers.permute(2, 1),
                        same(4),
                        Layers.groupNorm(2),
                        same(6),
                        Layers.batchNorm(),
                        Layers.globalAvgPool()));
        layers.put("residual in a graph", Graph.of(g -> {
            String x = g.input("x");
            g.output(g.add("last", Layers.gru(3), g.add("inner", Residual.of(Layers.encoderBlock(2, 8, 0)), x)));
        }));
        return layers;
    }

    private static Specs padded() {
        return Specs.of(Spec.floats(STEPS, FEATURES).varying(0))
                .with(Masks.MASK, new Spec(Shape.of(STEPS), DType.BOOL, List.of(0)));
    }

    /** Padding behind, and for layers that do not learn positions in front. */
    private static Tensor mask(boolean front) {
        long[] real = new long[LENGTHS.length * STEPS];
        for (int n = 0; n < LENGTHS.length; n++) {
            for (int t = 0; t < LENGTHS[n]; t++) {
                real[n * STEPS + (front ? STEPS - 1 - t : t)] = 1;
            }
        }
        return Tensor.of(real, Shape.of(LENGTHS.length, STEPS)).to(DType.BOOL);
    }

    @TestFactory
    Stream<DynamicTest> a_padded_batch_gives_what_its_sequences_give_one_by_one() {
        return masked().entrySet().stream()
                .flatMap(e -> Stream.of(false, true)
                        .map(front -> DynamicTest.dynamicTest(
                                e.getKey() + (front ? ", padded in front" : ""), () -> oneByOne(e.getValue(), front))));
    }

    private static void oneByOne(Layer layer, boolean front) {
        try (Scope scope = Scope.open();
                Model model = Model.build(layer, padded(), RandomState.of(4));
                Model alone =
                        Model.build(layer, Specs.of(Spec.floats(STEPS, FEATURES).varying(0)), RandomState.of(4))) {
            Tensor mask = mask(front);
            Tensor x = Tensor.randn(Shape.of(LENGTHS.length, STEPS, FEATURES));
            Tensor y = model.forward(Tensors.of(x).with(Masks.MASK, mask), Pass.inference())
                    .main();
            for (int n = 0; n < LENGTHS.length; n++) {
                int from = front ? STEPS - LENGTHS[n] : 0;
                Tensor one = alone.forward(
                        x.narrow(0, n, 1).narrow(1, from, LENGTHS[n]).copy(), Pass.inference());
                Tensor own = y.narrow(0, n, 1);
                assertClose("example " + n, one, own.rank() == 3 ? own.narrow(1, from, LENGTHS[n]) : own);
            }
        }
    }

    @Test
    void statistics_of_a_padded_batch_are_those_of_its_real_steps() {
        Layer layer = Sequential.of(Layers.permute(2, 1), Layers.batchNorm(), Layers.permute(2, 1));
        try (Scope scope = Scope.open();
                Model model = Model.build(layer, padded(), RandomState.of(4));
                Model plain = Model.build(layer, Shape.of(1, FEATURES), RandomState.of(4))) {
            Tensor x = Tensor.randn(Shape.of(LENGTHS.length, STEPS, FEATURES));
            Tensor y = model.forward(Tensors.of(x).with(Masks.MASK, mask(false)), Pass.forTraining())
                    .main();
            List<Tensor> real = new ArrayList<>();
            List<Tensor> made = new ArrayList<>();
            for (int n = 0; n < LENGTHS.length; n++) {
                real.add(x.select(0, n).narrow(0, 0, LENGTHS[n]));
                made.add(y.select(0, n).narrow(0, 0, LENGTHS[n]));
            }
            Tensor expected = plain.forward(Tensor.cat(real, 0).unsqueeze(1), Pass.forTraining());
            assertClose("normalised", expected.squeeze(1), Tensor.cat(made, 0));
            plain.state()
                    .forEach((name, value) -> assertClose(
                            name, value, Objects.requireNonNull(model.state().get(name))));
        }
    }

    @Test
    void a_layer_without_a_mask_refuses_padding_in_a_graph_too() {
        Graph graph = Graph.of(g -> {
            String x = g.input("x");
            g.output(g.add("pooled", Layers.maxPool1d(2), g.add("turned", Layers.permute(2, 1), x)));
        });
        assertThatThrownBy(() -> graph.outputs(padded()))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("pooled: expected sequences without padding");
    }

    @Test
    void an_encoder_and_a_decoder_are_connected_in_a_graph() {
        Graph translation = Graph.of(g -> {
            String source = g.input("source");
            String target = g.input("target");
            String encoded = g.add("encoder", Layers.encoderBlock(2, 16, 0), source);
            g.output(g.add(
                    "decoder",
                    new TransformerDecoderBlock(2, 16, 0, Activation.GELU, true, Map.of()),
                    List.of(target),
                    Map.of(Masks.MEMORY, encoded)));
        });
        Specs in = Specs.of(Map.of("source", Spec.floats(5, 8))).with("target", Spec.floats(3, 8));
        assertThat(translation.outputs(in).main().shape()).isEqualTo(Shape.of(3, 8));
        try (Scope scope = Scope.open();
                Model model = Model.build(translation, in, RandomState.of(4))) {
            Tensor source = Tensor.randn(Shape.of(2, 5, 8));
            Tensor target = Tensor.randn(Shape.of(2, 3, 8));
            float[] first = model.forward(Tensors.of(List.of(source, target)), Pass.inference())
                    .main()
                    .toFloats();
            source.narrow(1, 4, 1).fill_(3);
            assertThat(model.forward(Tensors.of(List.of(source, target)), Pass.inference())
                            .main()
                            .toFloats())
                    .isNotEqualTo(first);
        }
    }

    private static Specs twoPadded() {
        Spec sequence = Spec.floats(STEPS, FEATURES).varying(0);
        Spec mask = new Spec(Shape.of(STEPS), DType.BOOL, List.of(0));
        return Specs.of(Map.of("a", sequence))
                .with("b", sequence)
                .with(Masks.MASK, mask)
                .with("b_mask", mask);
    }

    /** Both are padded to the same length, one behind and one in front: the other one's mask would fit. */
    @Test
    void each_of_two_padded_inputs_has_its_own_mask_in_a_graph() {
        Layer across = new TransformerDecoderBlock(2, 16, 0, Activation.GELU, true, Map.of());
        Graph graph = Graph.of(g -> {
            String a = g.input("a");
            String b = g.input("b");
            String encoded = g.add("encoded", Layers.encoderBlock(2, 16, 0), b);
            g.output(g.add("last", new Gru(3, false, false, 1, 0), encoded));
            g.output(g.add("seen", across, List.of(a), Map.of(Masks.MEMORY, encoded)));
        });
        Specs alone = Specs.of(Map.of("a", Spec.floats(STEPS, FEATURES).varying(0)))
                .with("b", Spec.floats(STEPS, FEATURES).varying(0));
        try (Scope scope = Scope.open();
                Model model = Model.build(graph, twoPadded(), RandomState.of(4));
                Model single = Model.build(graph, alone, RandomState.of(4))) {
            Tensor a = Tensor.randn(Shape.of(LENGTHS.length, STEPS, FEATURES));
            Tensor b = Tensor.randn(Shape.of(LENGTHS.length, STEPS, FEATURES));
            Tensors padded = Tensors.of(Map.of("a", a))
                    .with("b", b)
                    .with(Masks.MASK, mask(false))
                    .with("b_mask", mask(true));
            Tensors y = model.forward(padded, Pass.inference());
            for (int n = 0; n < LENGTHS.length; n++) {
                int length = LENGTHS[n];
                Tensors one = Tensors.of(Map.of(
                                "a", a.narrow(0, n, 1).narrow(1, 0, length).copy()))
                        .with(
                                "b",
                                b.narrow(0, n, 1)
                                        .narrow(1, STEPS - length, length)
                                        .copy());
                Tensors expected = single.forward(one, Pass.inference());
                assertClose(
                        "last of " + n,
                        expected.require("last"),
                        y.require("last").narrow(0, n, 1));
                assertClose(
                        "seen by " + n,
                        expected.require("seen"),
                        y.require("seen").narrow(0, n, 1).narrow(1, 0, length));
            }
        }
    }

    @Test
    void what_is_made_of_several_inputs_side_by_side_has_the_mask_of_the_first() {
        Graph graph = Graph.of(g -> {
            String sum = g.add("sum", Layers.add(), g.input("a"), g.input("b"));
            g.output(g.add("last", Layers.gru(3), sum));
        });
        assertThat(graph.masks(twoPadded())).containsEntry("last", Map.of(Masks.MASK, Masks.MASK));
    }

    private static Tensor tensor(JsonNode node) {
        Shape shape = Shape.of(JsonFixture.longs(node.get("shape")));
        return node.get("values").get(0).isIntegralNumber()
                ? Tensor.of(JsonFixture.longs(node.get("values")), shape)
                : Tensor.of(JsonFixture.floats(node.get("values")), shape);
    }

    private static void assertClose(String what, Tensor expected, Tensor actual) {
        assertClose(what, expected, actual, 5e-6);
    }

    private static void assertClose(String what, Tensor expected, Tensor actual, double tolerance) {
        assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
        float[] wanted = expected.copy().toFloats();
        float[] values = actual.copy().toFloats();
        for (int i = 0; i < values.length; i++) {
            assertThat((double) values[i])
                    .as("%s, value %d", what, i)
                    .isCloseTo(wanted[i], within(tolerance * (1 + Math.abs(wanted[i]))));
        }
    }
}
