package dev.jumbo.nn.layers.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Cache;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.LoraDense;
import dev.jumbo.nn.layers.basic.LowRank;
import dev.jumbo.nn.layers.encoder.Attention;
import dev.jumbo.nn.layers.encoder.RelativePositions;
import dev.jumbo.tensor.Attentions;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What attention can do, several things at once: each sequence gets what it gets alone and over a whole pass. */
class CombinationsTest {
    private static final int WORDS = 19;
    private static final int STEPS = 12;

    private static GroupedQueryAttention grouped(@Nullable Integer window) {
        return new GroupedQueryAttention(4, 2, null, true, 10000, null, 0, false, false, true, 1e-6, window, Map.of());
    }

    private static Layer adapted(LlamaBlock block) {
        LowRank low = new LowRank(2, 8, 0, false, true);
        Layer attention = block.attention()
                .withPart("q_proj", new LoraDense(LlamaBlock.dense(16, Activation.LINEAR, false), low))
                .withPart("v_proj", new LoraDense(LlamaBlock.dense(8, Activation.LINEAR, false), low));
        return block.withPart("self_attn", attention);
    }

    private static Layer relative() {
        return new Attention(
                2,
                null,
                true,
                false,
                1.0,
                new RelativePositions(6, 8, null),
                0,
                true,
                Initializers.glorotUniform(),
                List.of("q", "k", "v", "o"),
                Map.of());
    }

    private static Layer block(String name) {
        LlamaBlock window = new LlamaBlock(grouped(3), 24, 1e-5, false, Map.of());
        return switch (name) {
            case "window" -> window;
            case "adapted window" -> adapted(window);
            case "relative" -> relative();
            case "adapted attention" ->
                new TransformerBlock(2, 24, true, 0, Activation.GELU, true)
                        .withPart(
                                "self_attn",
                                new LoraAttention(
                                        new MultiHeadAttention(2, true, 0, true),
                                        new LowRank(3, 8, 0, false, true),
                                        new LowRank(2, 8, 0, true, false)));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Layer model(String name) {
        return Sequential.of(Layers.embedding(WORDS, 16), block(name), block(name), Layers.dense(WORDS));
    }

    private static Model built(Layer layer, Specs in, boolean bf16) {
        Model model = Model.build(layer, in, RandomState.of(3));
        try (Scope scope = Scope.open()) {
            // Changes of low rank are zero at first, and positions of no account.
            RandomState.of(8).seedTorch();
            model.store().values().add_(Tensor.randn(model.store().values().shape()), 0.2);
        }
        model.store().prepareTraining(bf16);
        return model;
    }

    private static Specs ids() {
        return Specs.of(Spec.ids(STEPS).varying(0));
    }

    private static Specs with(Specs in, String... names) {
        Specs all = in;
        for (String name : names) {
            all = all.with(
                    name,
                    name.equals(Masks.MASK)
                            ? new Spec(Shape.of(STEPS), DType.BOOL, List.of(0))
                            : Spec.ids(STEPS).varying(0));
        }
        return all;
    }

    private static Tensor row(long... values) {
        return Tensor.of(values, Shape.of(1, values.length));
    }

    @ParameterizedTest
    @CsvSource({
        "window,false",
        "adapted window,false",
        "adapted attention,false",
        "window,true",
        "adapted attention,true"
    })
    void packed_documents_give_what_each_gives_alone(String name, boolean bf16) {
        Specs in = with(ids(), Masks.DOCUMENTS);
        in = name.contains("window") ? with(in, Masks.POSITIONS) : in;
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad();
                Model model = built(model(name), in, bf16);
                Model alone = built(model(name), ids(), bf16)) {
            Tensor x = row(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
            Tensors given = Tensors.of(x).with(Masks.DOCUMENTS, row(4, 4, 4, 4, 4, 1, 1, 7, 7, 7, 7));
            if (name.contains("window")) {
                given = given.with(Masks.POSITIONS, row(0, 1, 2, 3, 4, 0, 1, 0, 1, 2, 3));
            }
            Tensor packed = model.forward(given, Pass.inference()).main();
            int from = 0;
            for (int length : new int[] {5, 2, 4}) {
                Tensor own = alone.forward(x.narrow(1, from, length), Pass.inference());
                assertClose(own, packed.narrow(1, from, length), bf16 ? 0.05 : 2e-5);
                from += length;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "window,false",
        "adapted window,false",
        "relative,false",
        "adapted attention,false",
        "window,true",
        "relative,true"
    })
    void prompts_padded_in_front_go_on_from_a_cache_as_each_alone(String name, boolean bf16) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad();
                Model model = built(model(name), with(ids(), Masks.MASK), bf16);
                Model alone = built(model(name), ids(), bf16);
                Cache cache = new Cache()) {
            long[] ids = LongStream.range(0, 2 * STEPS).map(i -> i * 7 % WORDS).toArray();
            Tensor x = Tensor.of(ids, Shape.of(2, STEPS));
            int padding = 3;
            long[] real = LongStream.range(0, 2 * STEPS)
                    .map(i -> i >= STEPS && i < STEPS + padding ? 0 : 1)
                    .toArray();
            Tensor mask = Tensor.of(real, Shape.of(2, STEPS)).to(DType.BOOL);
            Tensor first = alone.forward(x.narrow(0, 0, 1), Pass.inference());
            Tensor second = alone.forward(x.narrow(0, 1, 1).narrow(1, padding, STEPS - padding), Pass.inference());
            int[] cuts = {0, 5, 7, 8, 9, STEPS};
            for (int c = 0; c + 1 < cuts.length; c++) {
                int from = cuts[c];
                int count = cuts[c + 1] - from;
                Tensor y = model.forward(
                                Tensors.of(x.narrow(1, from, count)).with(Masks.MASK, mask.narrow(1, from, count)),
                                Pass.inference().with(cache))
                        .main();
                assertClose(first.narrow(1, from, count), y.narrow(0, 0, 1), bf16 ? 0.05 : 2e-5);
                int hidden = Math.max(0, padding - from);
                assertClose(
                        second.narrow(1, from + hidden - padding, count - hidden),
                        y.narrow(0, 1, 1).narrow(1, hidden, count - hidden),
                        bf16 ? 0.05 : 2e-5);
            }
        }
    }

    @Test
    void an_attention_with_changes_of_low_rank_reads_what_it_reads_without() {
        MultiHeadAttention plain = new MultiHeadAttention(2, true, 0, true);
        LoraAttention lora = new LoraAttention(plain, low(), null);
        assertThat(lora.sides()).isEqualTo(plain.sides()).contains(Masks.DOCUMENTS);
        Graph graph = Graph.of(g -> g.output(g.add("attention", lora, g.input("x"))));
        Specs in = Specs.of(Spec.floats(STEPS, 8).varying(0));
        try (Scope scope = Scope.open();
                Model model =
                        built(graph, in.with(Masks.DOCUMENTS, Spec.ids(STEPS).varying(0)), false);
                Model alone = built(graph, in, false)) {
            Tensor x = Tensor.randn(Shape.of(1, 5, 8));
            Tensor packed = model.forward(Tensors.of(x).with(Masks.DOCUMENTS, row(0, 0, 1, 1, 1)), Pass.inference())
                    .main();
            assertClose(alone.forward(x.narrow(1, 2, 3), Pass.inference()), packed.narrow(1, 2, 3), 2e-6);
        }
    }

    private static LowRank low() {
        return new LowRank(2, 8, 0, false, false);
    }

    @Test
    void a_cache_whose_pass_failed_half_way_is_not_gone_on_from() {
        Layer layer = Sequential.of(
                Layers.embedding(WORDS, 16),
                new LlamaBlock(grouped(null), 24, 1e-5, false, Map.of()),
                Layers.positionalEmbedding(4),
                Layers.dense(WORDS));
        try (Scope scope = Scope.open();
                Model model = built(layer, Specs.of(Spec.ids(4).varying(0)), false);
                Cache cache = new Cache()) {
            Pass pass = Pass.inference().with(cache);
            model.forward(row(1, 2, 3), pass);
            // The attention has kept these when the positions end.
            assertThatThrownBy(() -> model.forward(row(4, 5), pass)).isInstanceOf(InputException.class);
            assertThatThrownBy(() -> model.forward(row(4), pass))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected a cache whose last pass was whole")
                    .hasMessageContaining("5 steps of this layer and 3 of the model");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void of_a_mask_with_a_row_for_each_query_a_pass_holds_one_number_a_pair(boolean bf16) {
        int steps = 128;
        try (Scope scope = Scope.open()) {
            Tensor q = Tensor.randn(Shape.of(2, 4, steps, 8)).to(bf16 ? DType.BFLOAT16 : DType.FLOAT32);
            Tensor seen = Tensor.ones(Shape.of(2, steps, steps)).to(DType.BOOL);
            long before = NativeMemory.liveBytes();
            Attentions.of(q, q, q, seen, true, 0);
            long pairs = 2L * steps * steps;
            long scores = bf16 ? 2 * 2 * 4 * pairs : 0; // Scores and softmax of each head.
            long mask = (bf16 ? 2 : 4) * pairs;
            assertThat(NativeMemory.liveBytes() - before).isLessThan(scores + mask + 6 * q.elements() * 4);
        }
    }

    private static void assertClose(Tensor expected, Tensor actual, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        float[] wanted = expected.copy().toFloats();
        float[] values = actual.copy().toFloats();
        for (int i = 0; i < values.length; i++) {
            assertThat((double) values[i]).isCloseTo(wanted[i], within(tolerance * (1 + Math.abs(wanted[i]))));
        }
    }
}
