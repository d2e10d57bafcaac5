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
import dev.jumbo.nn.layers.Encoder;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.LoraDense;
import dev.jumbo.nn.layers.basic.LowRank;
import dev.jumbo.nn.layers.encoder.Attention;
import dev.jumbo.nn.layers.encoder.RelativePositions;
import dev.jumbo.nn.layers.encoder.TokenEmbeddings;
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
import org.junit.jupiter.params.provider.EnumSource;
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

    private static RopeScaling scaling(RopeType type) {
        return new RopeScaling(type, 4, 1, 4, 6, null, 32, 1, null, null, true, List.of(1.0, 1.5), List.of(2.0, 9.0));
    }

    private static Layer scaled(RopeType type) {
        GroupedQueryAttention attention = new GroupedQueryAttention(
                4, 2, null, true, 10000, scaling(type), 0, false, false, false, 1e-6, Map.of());
        LlamaBlock block = new LlamaBlock(attention, 24, 1e-5, false, Map.of());
        return Sequential.of(Layers.embedding(WORDS, 16), block, block, Layers.dense(WORDS));
    }

    /** The longer one is beyond the first context of six steps, the shorter one within. */
    @ParameterizedTest
    @EnumSource(names = {"DYNAMIC", "LONGROPE"})
    void angles_that_depend_on_the_length_do_not_depend_on_a_longer_neighbour(RopeType type) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad();
                Model model = built(scaled(type), with(ids(), Masks.MASK), false);
                Model alone = built(scaled(type), ids(), false)) {
            Tensor x =
                    Tensor.cat(List.of(row(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), row(11, 12, 13, 14, 0, 0, 0, 0, 0, 0)), 0);
            Tensor mask = Tensor.cat(List.of(row(1, 1, 1, 1, 1, 1, 1, 1, 1, 1), row(1, 1, 1, 1, 0, 0, 0, 0, 0, 0)), 0)
                    .to(DType.BOOL);
            Tensor both = model.forward(Tensors.of(x).with(Masks.MASK, mask), Pass.inference())
                    .main();
            assertClose(alone.forward(x.narrow(0, 0, 1), Pass.inference()), both.narrow(0, 0, 1), 2e-5);
            Tensor shorter = x.narrow(0, 1, 1).narrow(1, 0, 4);
            assertClose(
                    alone.forward(shorter, Pass.inference()),
                    both.narrow(0, 1, 1).narrow(1, 0, 4),
                    2e-5);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DYNAMIC", "LONGROPE"})
    void a_prompt_in_several_passes_has_the_angles_of_its_whole_length(RopeType type) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad();
                Model model = built(scaled(type), ids(), false);
                Cache cache = new Cache()) {
            Tensor x = row(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
            Tensor whole = model.forward(x, Pass.inference());
            cache.expect(10);
            Pass pass = Pass.inference().with(cache);
            assertClose(whole.narrow(1, 0, 4), model.forward(x.narrow(1, 0, 4), pass), 2e-5);
            assertClose(whole.narrow(1, 4, 6), model.forward(x.narrow(1, 4, 6), pass), 2e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"window", "adapted attention"})
    void the_last_step_alone_is_that_of_the_whole_pass(String name) {
        LowRank low = new LowRank(2, 8, 0, false, true);
        for (Layer head : List.of(Layers.dense(WORDS), new LoraDense(Layers.dense(WORDS), low))) {
            Layer row = Sequential.of(Layers.embedding(WORDS, 16), block(name), head);
            // Inside another container all steps are needed.
            Layer inside = Sequential.of(
                    Layers.embedding(WORDS, 16), Layers.residual(Sequential.of(block(name), Layers.dense(16))), head);
            for (Layer layer : List.of(row, inside)) {
                try (Scope scope = Scope.open();
                        Autograd off = Autograd.noGrad();
                        Model model = built(layer, ids(), false)) {
                    Tensor x = Tensor.cat(List.of(row(1, 2, 3, 4, 5), row(6, 7, 8, 9, 10)), 0);
                    Tensor whole = model.forward(x, Pass.inference());
                    Tensor last = model.forward(x, Pass.inference().lastStepAlone());
                    assertClose(whole.narrow(1, 4, 1), last, 2e-6);
                }
            }
        }
    }

    @Test
    void a_decoder_goes_on_from_a_cache_beside_its_memory_which_it_reads_once() {
        Graph graph = Graph.of(g -> {
            String source =
                    g.add("encoder", Encoder.named(Map.of("block", Layers.encoderBlock(2, 16, 0))), g.input("source"));
            Layer block = new TransformerDecoderBlock(2, 16, 0, Activation.GELU, true, Map.of());
            g.output(g.add("decoder", block, List.of(g.input("target")), Map.of(Masks.MEMORY, source)));
        });
        Specs in = Specs.of(Map.of("source", Spec.floats(STEPS, 8).varying(0)))
                .with("target", Spec.floats(STEPS, 8).varying(0));
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad();
                Model model = built(graph, in, false);
                Cache cache = new Cache()) {
            Tensor source = Tensor.randn(Shape.of(2, 5, 8));
            Tensor target = Tensor.randn(Shape.of(2, 4, 8));
            Tensor whole = model.forward(Tensors.of(List.of(source, target)), Pass.inference())
                    .main();
            Pass pass = Pass.inference().with(cache);
            for (int t = 0; t < 4; t++) {
                Tensor step = target.narrow(1, t, 1);
                // Only how many steps a memory has is looked at behind the first pass.
                Tensor read = t == 0 ? source : Tensor.zeros(source.shape());
                Tensor y = model.forward(Tensors.of(List.of(read, step)), pass).main();
                assertClose(whole.narrow(1, t, 1), y, 2e-6);
            }
            assertThat(cache.kept("decoder.multihead_attn")).hasSize(2);
            Tensor other = Tensor.randn(Shape.of(2, 6, 8));
            cache.keep("encoder", other);
            assertThatThrownBy(() -> model.forward(Tensors.of(List.of(other, target.narrow(1, 0, 1))), pass))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected the memory that the cache began with");
        }
    }

    @Test
    void positions_that_count_real_tokens_do_not_begin_anew_behind_a_cache() {
        Layer embeddings =
                new TokenEmbeddings(WORDS, 16, STEPS + 2, 0, 1, true, 1e-5, Initializers.randomNormal(0.02), Map.of());
        Layer layer = Sequential.of(embeddings, relative(), Layers.dense(WORDS));
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad();
                Model model = built(layer, ids(), false);
                Cache cache = new Cache()) {
            Tensor x = row(2, 3, 4, 5);
            Tensor whole = model.forward(x, Pass.inference());
            Pass pass = Pass.inference().with(cache);
            assertClose(whole.narrow(1, 0, 3), model.forward(x.narrow(1, 0, 3), pass), 2e-6);
            assertThatThrownBy(() -> model.forward(x.narrow(1, 3, 1), pass))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("give positions");
            Tensors given = Tensors.of(x.narrow(1, 3, 1)).with(Masks.POSITIONS, row(5));
            assertClose(whole.narrow(1, 3, 1), model.forward(given, pass).main(), 2e-6);
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
