package dev.jumbo.train.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What objectives of tokens make of a batch. */
class TokenObjectivesTest {
    private static final JsonNode FIXTURE = JsonFixture.read("token_losses");
    private static final int VOCABULARY = 11;
    private static final Field TOKENS = Field.tokens("tokens", VOCABULARY, 0, 5).padded(5);
    private static final Field LABELS = Field.ids("next", Shape.of(5));

    @TestFactory
    Stream<DynamicTest> smoothing_and_z_loss_have_the_values_and_gradients_of_pytorch() {
        return FIXTURE.get("cases").properties().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> check(e.getKey(), e.getValue())));
    }

    /** Logits are the rows of a table. */
    private static void check(String name, JsonNode expected) {
        Objective objective = new CausalLm(
                expected.get("smoothing").asDouble(), expected.get("z").asDouble());
        Column tokens = new Column.Longs(TOKENS, 3, JsonFixture.longs(FIXTURE.get("tokens")));
        Column labels = new Column.Longs(LABELS, 3, JsonFixture.longs(FIXTURE.get("labels")));
        Batch batch = new Batch(List.of(tokens), name.endsWith("labels") ? List.of(labels) : List.of(), 3);
        try (Scope scope = Scope.open();
                Model model = Model.build(
                        Sequential.of(Layers.embedding(VOCABULARY, VOCABULARY)),
                        Specs.of(Spec.ids(5)),
                        RandomState.of(1))) {
            model.load(Map.of(
                    "layers.0.weight",
                    Tensor.of(JsonFixture.floats(FIXTURE.get("table")), Shape.of(VOCABULARY, VOCABULARY))));
            model.store().prepareTraining(false);
            Weighted result = objective.of(new TrainedModels(model), batch, Pass.forTraining());
            assertThat(result.mean().item()).isCloseTo(expected.get("loss").asDouble(), within(2e-6));
            assertThat(result.weight()).isEqualTo(12);
            assertThat(objective.weights(batch, model.device())).containsExactly(12);
            assertThat(result.parts().keySet()).isEqualTo(objective.parts());
            result.parts()
                    .forEach((part, value) -> assertThat(value.item())
                            .isCloseTo(expected.get(part).asDouble(), within(2e-6)));
            model.backward(result.mean());
            assertThat(model.store().gradients().toFloats())
                    .containsExactly(JsonFixture.floats(expected.get("gradient")), within(1e-6f));
        }
    }

    @Test
    void a_masked_language_model_hides_fifteen_of_a_hundred_tokens_as_BERT_does() {
        MaskedLm objective = MaskedLm.of(3, 1000, 0L, 1L, 2L);
        SplittableRandom random = new SplittableRandom(1);
        long[] text = random.longs(200_000, 4, 1000).toArray();
        for (int i = 0; i < text.length; i += 50) {
            text[i] = 1;
        }
        long[] ids = text.clone();
        long[] labels = TokenLoss.ignored(ids.length);
        objective.hide(ids, labels, 0, 190_000, 1000, random);
        int chosen = 0;
        int masked = 0;
        int kept = 0;
        for (int i = 0; i < ids.length; i++) {
            if (labels[i] == TokenLoss.IGNORED) {
                assertThat(ids[i]).isEqualTo(text[i]);
                continue;
            }
            assertThat(i).isLessThan(190_000);
            assertThat(labels[i]).isEqualTo(text[i]).isGreaterThan(2);
            chosen++;
            masked += ids[i] == 3 ? 1 : 0;
            kept += ids[i] == text[i] ? 1 : 0;
        }
        // Five deviations of binomials.
        assertThat(chosen / (190_000 * 0.98)).isCloseTo(0.15, within(0.0042));
        assertThat((double) masked / chosen).isCloseTo(0.8, within(0.012));
        assertThat((double) kept / chosen).isCloseTo(0.1, within(0.009));
    }

    @Test
    void validation_hides_the_same_tokens_of_a_text_whatever_is_beside_it_and_training_others_each_time() {
        MaskedLm objective = new MaskedLm(10, 0, List.of(), 0.5, 0.8, 0.1, 0, 0);
        long[] first = {1, 2, 3, 4, 5};
        long[] second = {6, 7, 8, 9, 1};
        try (Scope scope = Scope.open();
                Model model = Model.build(
                        Sequential.of(Layers.embedding(VOCABULARY, VOCABULARY)),
                        Specs.of(Spec.ids(5)),
                        RandomState.of(1))) {
            TrainedModels models = new TrainedModels(model);
            Weighted alone = objective.of(models, batch(second), Pass.inference());
            Weighted before = objective.of(models, batch(first), Pass.inference());
            Weighted both = objective.of(models, batch(first, second), Pass.inference());
            assertThat(both.weight()).isEqualTo(alone.weight() + before.weight());
            assertThat(both.mean().item() * both.weight())
                    .isCloseTo(
                            alone.mean().item() * alone.weight() + before.mean().item() * before.weight(),
                            within(1e-5));
            Set<Double> losses = new HashSet<>();
            for (int step = 0; step < 20; step++) {
                RandomState.of(step).seedTorch();
                double loss = objective
                        .of(models, batch(first, second), Pass.forTraining())
                        .mean()
                        .item();
                RandomState.of(step).seedTorch();
                assertThat(objective
                                .of(models, batch(first, second), Pass.forTraining())
                                .mean()
                                .item())
                        .isEqualTo(loss);
                losses.add(loss);
            }
            assertThat(losses).hasSizeGreaterThan(10);
        }
    }

    private static Batch batch(long[]... rows) {
        long[] all = Stream.of(rows).flatMapToLong(LongStream::of).toArray();
        return new Batch(List.of(new Column.Longs(TOKENS, rows.length, all)), List.of(), rows.length);
    }

    /** The lengths that T5's random_spans_noise_mask has, and nothing lost. */
    @Test
    void what_spans_take_out_is_in_the_labels_and_the_rest_in_the_inputs() {
        SpanCorruption objective = SpanCorruption.of(32_099);
        SplittableRandom random = new SplittableRandom(2);
        for (int length : new int[] {2, 3, 7, 20, 100, 512}) {
            for (int i = 0; i < 50; i++) {
                long[] text = random.longs(length, 10, 30_000).toArray();
                SpanCorruption.Corrupted made = objective.corrupt(text, RandomState.of(i));
                int noise = (int) Math.max(1, Math.min(length - 1, Math.rint(length * 0.15)));
                int spans = (int) Math.max(1, Math.rint(noise / 3.0));
                assertThat(made.ids()).hasSize(length - noise + spans + 1).endsWith(1);
                assertThat(made.labels()).hasSize(noise + spans + 1).endsWith(1);
                assertThat(restored(made)).isEqualTo(text);
            }
        }
        // T5 pre-trains on 512 tokens: 568 of a document become inputs of 512 and labels of 114.
        assertThat(objective.corrupt(new long[568], RandomState.of(1)).ids()).hasSize(512);
        assertThat(objective.corrupt(new long[568], RandomState.of(1)).labels()).hasSize(114);
    }

    private static long[] restored(SpanCorruption.Corrupted made) {
        LongStream.Builder text = LongStream.builder();
        int label = 0;
        long sentinel = 32_099;
        for (int i = 0; i < made.ids().length - 1; i++) {
            if (made.ids()[i] != sentinel) {
                text.add(made.ids()[i]);
                continue;
            }
            assertThat(made.labels()[label++]).isEqualTo(sentinel--);
            while (label < made.labels().length - 1 && made.labels()[label] != sentinel) {
                text.add(made.labels()[label++]);
            }
        }
        return text.build().toArray();
    }

    @Test
    void any_division_into_spans_is_as_likely() {
        int[] starts = new int[5];
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 10_000; i++) {
            // 6 tokens, 2 of them noise in 2 spans: the other 4 are 1 + 3, 2 + 2 or 3 + 1.
            Spans spans = Spans.draw(6, 0.34, 1, random);
            assertThat(spans.noise()).containsExactly(1, 1);
            starts[spans.text()[0]]++;
        }
        for (int text = 1; text <= 3; text++) {
            assertThat(starts[text]).isCloseTo(3333, within(240));
        }
    }

    @Test
    void a_decoder_sees_the_labels_shifted_by_one_and_no_padding() {
        DecoderInput decoder = new DecoderInput("decoder_tokens", 2, 0);
        long none = TokenLoss.IGNORED;
        try (Scope scope = Scope.open()) {
            var inputs = decoder.beside(
                    Tensors.of(Tensor.of(new long[] {1}, Shape.of(1))),
                    new long[] {5, 6, 1, 7, none, 1, 4, 1, none},
                    3,
                    3);
            assertThat(Objects.requireNonNull(inputs.get("decoder_tokens")).toLongs())
                    .containsExactly(2, 5, 6, 2, 7, 0, 2, 4, 1);
            assertThat(Objects.requireNonNull(inputs.get("decoder_tokens_mask"))
                            .to(DType.INT64)
                            .toLongs())
                    .containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 0);
        }
    }

    @Test
    void settings_out_of_range_are_named() {
        assertThatThrownBy(() -> new CausalLm(1.5, 0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("label_smoothing: expected a share from 0 to 1, received 1.5");
        assertThatThrownBy(() -> new CausalLm(0, -1)).hasMessageContaining("z_loss");
        assertThatThrownBy(() -> new MaskedLm(3, 0, List.of(), 0.15, 0.8, 0.3, 0, 0))
                .hasMessageContaining("masked_lm.random_replace_prob");
        assertThatThrownBy(() -> SpanCorruption.of(50)).hasMessageContaining("span_corruption.sentinel_start_id");
        assertThatThrownBy(() -> new SpanCorruption(9, 2, 1, 0, 0.5, 1, "decoder_tokens", 0, 0)
                        .inputs(List.of(Field.tokens("tokens", 20, 0, 40)), List.of()))
                .hasMessageContaining("span_corruption.sentinels: expected 3 for texts of");
        assertThatThrownBy(() -> SpanCorruption.of(32_099).inputs(List.of(Field.floats("x", Shape.of(4))), List.of()))
                .hasMessageContaining("expected one input of ids of tokens");
    }
}
