package dev.jumbo.nn.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Cache;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import dev.jumbo.nn.layers.sequence.Gru;
import dev.jumbo.nn.layers.sequence.LlamaBlock;
import dev.jumbo.nn.layers.sequence.Lstm;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generation step by step against whole passes. */
class CacheTest {
    private static final int WORDS = 23;

    private static Layer model(String name) {
        return name.equals("gpt")
                ? Sequential.of(
                        Layers.embedding(WORDS, 16),
                        Layers.positionalEmbedding(12),
                        Layers.decoderBlock(2, 32, 0.1),
                        Layers.decoderBlock(2, 32, 0.1),
                        Layers.layerNorm(),
                        new TiedDense(WORDS, "layers.0.weight"))
                : Sequential.of(
                        Layers.embedding(WORDS, 16),
                        new LlamaBlock(GroupedQueryAttention.of(4, 2, 10000), 24, 1e-5, false, Map.of()),
                        new LlamaBlock(GroupedQueryAttention.of(4, 1, 10000), 24, 1e-5, false, Map.of()),
                        Layers.rmsNorm(),
                        Layers.dense(WORDS));
    }

    private static Tensor tokens() {
        long[] ids = new long[2 * 10];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i * 7 % WORDS;
        }
        return Tensor.of(ids, Shape.of(2, 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt", "llama"})
    void steps_one_by_one_give_what_the_whole_sequence_gives(String name) {
        long before = NativeMemory.liveBytes();
        try (Scope scope = Scope.open();
                Model model = Model.build(model(name), Specs.of(Spec.ids(12).varying(0)), RandomState.of(2));
                Cache cache = new Cache()) {
            Tensor x = tokens();
            Tensor whole = model.forward(x, Pass.inference());
            Pass pass = Pass.inference().with(cache);
            assertClose(whole.narrow(1, 0, 4), model.forward(x.narrow(1, 0, 4), pass));
            assertClose(whole.narrow(1, 4, 2), model.forward(x.narrow(1, 4, 2), pass));
            for (int t = 6; t < 10; t++) {
                assertThat(cache.length()).isEqualTo(t);
                assertClose(whole.narrow(1, t, 1), model.forward(x.narrow(1, t, 1), pass));
            }
        }
        assertThat(NativeMemory.liveBytes()).isLessThanOrEqualTo(before + 4096);
    }

    @Test
    void prompts_of_several_lengths_go_on_together_with_a_mask_and_positions() {
        Specs in = Specs.of(Spec.ids(12).varying(0))
                .with(Masks.MASK, new Spec(Shape.of(12), DType.BOOL, List.of(0)))
                .with(Masks.POSITIONS, Spec.ids(12).varying(0));
        for (String name : List.of("gpt", "llama")) {
            try (Scope scope = Scope.open();
                    Model model = Model.build(model(name), in, RandomState.of(2));
                    Model alone = Model.build(model(name), Specs.of(Spec.ids(12).varying(0)), RandomState.of(2));
                    Cache cache = new Cache()) {
                Tensor x = tokens();
                // The second prompt has three tokens, in front of which one step is padding.
                Tensor mask = Tensor.of(new long[] {1, 1, 1, 1, 0, 1, 1, 1}, Shape.of(2, 4))
                        .to(DType.BOOL);
                Tensor at = Tensor.of(new long[] {0, 1, 2, 3, 0, 0, 1, 2}, Shape.of(2, 4));
                Pass pass = Pass.inference().with(cache);
                model.forward(
                        Tensors.of(x.narrow(1, 0, 4)).with(Masks.MASK, mask).with(Masks.POSITIONS, at), pass);
                Tensor next = Tensor.of(new long[] {1, 1}, Shape.of(2, 1)).to(DType.BOOL);
                Tensor then = Tensor.of(new long[] {4, 3}, Shape.of(2, 1));
                Tensor y = model.forward(
                                Tensors.of(x.narrow(1, 4, 1))
                                        .with(Masks.MASK, next)
                                        .with(Masks.POSITIONS, then),
                                pass)
                        .main();
                Tensor first = alone.forward(x.narrow(0, 0, 1).narrow(1, 0, 5), Pass.inference());
                Tensor second = alone.forward(x.narrow(0, 1, 1).narrow(1, 1, 4), Pass.inference());
                assertClose(first.narrow(1, 4, 1), y.narrow(0, 0, 1));
                assertClose(second.narrow(1, 3, 1), y.narrow(0, 1, 1));
            }
        }
    }

    @Test
    void a_layer_that_cannot_go_on_is_named() {
        Layer encoder = Sequential.of(Layers.dense(8), Layers.encoderBlock(2, 16, 0));
        Layer recurrent = Sequential.of(new Lstm(4, true, true, 1, 0));
        for (Layer layer : List.of(encoder, recurrent)) {
            try (Scope scope = Scope.open();
                    Model model = Model.build(layer, Specs.of(Spec.floats(5, 8).varying(0)), RandomState.of(2));
                    Cache cache = new Cache()) {
                assertThatThrownBy(() -> model.forward(
                                Tensor.zeros(Shape.of(1, 5, 8)),
                                Pass.inference().with(cache)))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("cannot go on from a cache");
            }
        }
    }

    @Test
    void positions_end_where_the_vectors_end() {
        try (Scope scope = Scope.open();
                Model model = Model.build(model("gpt"), Specs.of(Spec.ids(12).varying(0)), RandomState.of(2));
                Cache cache = new Cache()) {
            Pass pass = Pass.inference().with(cache);
            model.forward(tokens(), pass);
            assertThatThrownBy(() -> model.forward(tokens().narrow(1, 0, 3), pass))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("positions from 0 to 11, received 12");
        }
    }

    private static Tensor numbers(long... shape) {
        return Tensor.randn(Shape.of(shape));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lstm", "gru"})
    void recurrences_go_on_step_by_step_as_over_the_whole_sequence(String name) {
        long before = NativeMemory.liveBytes();
        for (boolean all : List.of(true, false)) {
            Layer layer = name.equals("lstm") ? new Lstm(6, all, false, 2, 0.3) : new Gru(6, all, false, 2, 0.3);
            try (Scope scope = Scope.open();
                    Model model = Model.build(layer, Specs.of(Spec.floats(9, 5).varying(0)), RandomState.of(2));
                    Cache cache = new Cache()) {
                Tensor x = numbers(3, 9, 5);
                Tensor whole = model.forward(x, Pass.inference());
                Pass pass = Pass.inference().with(cache);
                Tensor first = model.forward(x.narrow(1, 0, 4), pass);
                Tensor last = first;
                for (int t = 4; t < 9; t++) {
                    last = model.forward(x.narrow(1, t, 1), pass);
                    if (all) {
                        assertClose(whole.narrow(1, t, 1), last, 1e-6);
                    }
                }
                assertClose(all ? whole.narrow(1, 0, 4) : whole, all ? first : last, 1e-6);
            }
        }
        assertThat(NativeMemory.liveBytes()).isLessThanOrEqualTo(before + 4096);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lstm", "gru"})
    void recurrences_of_several_lengths_go_on_as_each_sequence_alone(String name) {
        for (boolean all : List.of(true, false)) {
            Layer layer = name.equals("lstm") ? new Lstm(6, all, false, 2, 0) : new Gru(6, all, false, 2, 0);
            Spec spec = Spec.floats(9, 5).varying(0);
            try (Scope scope = Scope.open();
                    Model model = Model.build(
                            layer,
                            Specs.of(spec).with(Masks.MASK, new Spec(Shape.of(9), DType.BOOL, List.of(0))),
                            RandomState.of(2));
                    Model alone = Model.build(layer, Specs.of(spec), RandomState.of(2));
                    Cache cache = new Cache()) {
                Tensor x = numbers(3, 6, 5);
                // Padding behind, in front, and none; then the last row alone has a step, then all have one.
                long[] real = {1, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1};
                Tensor mask = Tensor.of(real, Shape.of(3, 6)).to(DType.BOOL);
                Pass pass = Pass.inference().with(cache);
                Tensor y = x;
                Tensor steps = Tensor.zeros(Shape.of(3, 0, 6));
                int[] cuts = {0, 4, 5, 6};
                for (int c = 0; c < 3; c++) {
                    int count = cuts[c + 1] - cuts[c];
                    y = model.forward(
                                    Tensors.of(x.narrow(1, cuts[c], count))
                                            .with(Masks.MASK, mask.narrow(1, cuts[c], count)),
                                    pass)
                            .main();
                    steps = all ? Tensor.cat(List.of(steps, y), 1) : steps;
                }
                for (int row = 0; row < 3; row++) {
                    List<Tensor> own = new ArrayList<>();
                    List<Tensor> received = new ArrayList<>();
                    for (int t = 0; t < 6; t++) {
                        if (real[row * 6 + t] == 1) {
                            own.add(x.narrow(0, row, 1).narrow(1, t, 1));
                            received.add(all ? steps.narrow(0, row, 1).narrow(1, t, 1) : x);
                        } else if (all) {
                            assertThat(steps.narrow(0, row, 1)
                                            .narrow(1, t, 1)
                                            .abs()
                                            .sum()
                                            .item())
                                    .isZero();
                        }
                    }
                    Tensor expected = alone.forward(Tensor.cat(own, 1), Pass.inference());
                    assertClose(expected, all ? Tensor.cat(received, 1) : y.narrow(0, row, 1), 1e-6);
                }
            }
        }
    }

    @Test
    void a_cache_is_of_one_batch() {
        try (Scope scope = Scope.open();
                Model model = Model.build(
                        new Gru(4, true, false, 1, 0),
                        Specs.of(Spec.floats(5, 8).varying(0)),
                        RandomState.of(2));
                Cache cache = new Cache()) {
            Pass pass = Pass.inference().with(cache);
            model.forward(numbers(2, 1, 8), pass);
            assertThatThrownBy(() -> model.forward(numbers(3, 1, 8), pass))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected 2 sequences, as the cache has, received 3");
        }
    }

    private static void assertClose(Tensor expected, Tensor actual) {
        assertClose(expected, actual, 1e-5);
    }

    private static void assertClose(Tensor expected, Tensor actual, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        float[] wanted = expected.copy().toFloats();
        float[] values = actual.copy().toFloats();
        for (int i = 0; i < values.length; i++) {
            assertThat((double) values[i]).isCloseTo(wanted[i], within(tolerance));
        }
    }
}
