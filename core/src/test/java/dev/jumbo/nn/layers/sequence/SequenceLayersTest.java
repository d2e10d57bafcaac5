package dev.jumbo.nn.layers.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** What the fixtures do not show: descriptions, errors, causality and dropout. */
class SequenceLayersTest {
    @Test
    void shapes_follow_the_options() {
        Shape input = Shape.of(5, 8);
        assertThat(Layers.lstm(6).outputShape(input)).isEqualTo(Shape.of(6));
        assertThat(new Gru(6, true, true, 1, 0).outputShape(input)).isEqualTo(Shape.of(5, 12));
        assertThat(Layers.decoderBlock(2, 32, 0).outputShape(input)).isEqualTo(input);
    }

    @Test
    void flops_count_every_product() {
        // 4 gates of 6 units over 8 features and 6 states, 5 steps.
        assertThat(Layers.lstm(6).flops(Shape.of(5, 8))).isEqualTo(2 * 4 * 6 * (8 + 6) * 5);
        // The second layer reads both directions.
        assertThat(new Gru(6, true, true, 2, 0).flops(Shape.of(5, 8)))
                .isEqualTo(2L * 3 * 12 * (8 + 6) * 5 + 2L * 3 * 12 * (12 + 6) * 5);
        // 4 projections of 8 to 8 at 5 steps, and 2 products of 5 by 5 over 8.
        assertThat(Layers.multiHeadAttention(2).flops(Shape.of(5, 8))).isEqualTo(4 * 2 * 5 * 64 + 2 * 2 * 25 * 8);
    }

    @Test
    void shapes_that_do_not_fit_are_named_with_their_path() {
        assertRefused(Layers.lstm(6), Shape.of(8), "[T, F]", "[8]");
        assertRefused(Layers.multiHeadAttention(3), Shape.of(5, 8), "multiple of 3 heads", "[5, 8]");
        assertRefused(Layers.positionalEmbedding(4), Shape.of(5, 8), "T up to 4", "[5, 8]");
        assertRefused(Sequential.of(Layers.decoderBlock(3, 32, 0)), Shape.of(5, 8), "layers.0.self_attn");
    }

    @Test
    void settings_out_of_range_are_named() {
        assertThatThrownBy(() -> Layers.lstm(0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("lstm");
        assertThatThrownBy(() -> new Gru(4, false, false, 1, 1)).hasMessageContaining("gru.dropout");
        assertThatThrownBy(() -> Layers.multiHeadAttention(0)).hasMessageContaining("heads");
        assertThatThrownBy(() -> new RmsNorm(0)).hasMessageContaining("rms_norm");
    }

    @Test
    void a_causal_step_does_not_see_later_ones_in_either_precision() {
        for (boolean bf16 : new boolean[] {false, true}) {
            try (Model model = Model.build(Layers.decoderBlock(2, 32, 0), Shape.of(4, 8), RandomState.of(3));
                    Scope scope = Scope.open()) {
                model.store().prepareTraining(bf16);
                Tensor x = Tensor.randn(Shape.of(1, 4, 8));
                Tensor changed = x.copy();
                changed.narrow(1, 3, 1).fill_(5);
                Tensor before = model.forward(x, Pass.inference());
                Tensor after = model.forward(changed, Pass.inference());
                assertThat(after.narrow(1, 0, 3).toFloats())
                        .isEqualTo(before.narrow(1, 0, 3).toFloats());
                assertThat(after.narrow(1, 3, 1).toFloats())
                        .isNotEqualTo(before.narrow(1, 3, 1).toFloats());
            }
        }
    }

    @Test
    void dropout_acts_in_training_alone() {
        for (Layer layer : new Layer[] {
            new Lstm(6, true, false, 2, 0.5),
            new MultiHeadAttention(2, true, 0.5, true),
            Layers.encoderBlock(2, 16, 0.5)
        }) {
            for (boolean bf16 : new boolean[] {false, true}) {
                try (Model model = Model.build(layer, Shape.of(4, 8), RandomState.of(3));
                        Scope scope = Scope.open()) {
                    model.store().prepareTraining(bf16);
                    Tensor x = Tensor.randn(Shape.of(2, 4, 8));
                    float[] once = model.forward(x, Pass.inference()).toFloats();
                    assertThat(model.forward(x, Pass.inference()).toFloats()).isEqualTo(once);
                    assertThat(model.forward(x, Pass.forTraining()).toFloats()).isNotEqualTo(once);
                }
            }
        }
    }

    @Test
    void first_weights_of_an_lstm_lie_within_the_bound_of_pytorch() {
        try (Model model = Model.build(Layers.lstm(16), Shape.of(4, 8), RandomState.of(3))) {
            assertThat(model.store().trainable().stream().map(Parameter::name))
                    .containsExactly("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0");
            float largest = 0;
            for (float v : model.store().values().toFloats()) {
                largest = Math.max(largest, Math.abs(v));
            }
            assertThat(largest).isCloseTo(0.25f, within(0.005f)).isLessThanOrEqualTo(0.25f);
        }
    }

    private static void assertRefused(Layer layer, Shape input, String... parts) {
        assertThatThrownBy(() -> layer.outputShape(input))
                .isInstanceOf(ShapeException.class)
                .hasMessageContainingAll(parts);
    }
}
