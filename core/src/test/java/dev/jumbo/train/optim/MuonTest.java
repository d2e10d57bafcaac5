package dev.jumbo.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.FlatRange;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.PlacedParameter;
import dev.jumbo.nn.Segment;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MuonTest {
    private static final JsonNode FIXTURE = JsonFixture.read("muon");

    private static Muon muon() {
        return new Muon(0.02, 0.1, Muon.Adjustment.MATCH_RMS_ADAMW, Optimizers.adamw(0.02));
    }

    /** One matrix. */
    private record One(Shape shape, Tensor values, Tensor gradients) implements FlatSlice {
        @Override
        public List<Segment> segments() {
            return List.of(new Segment(FlatRange.whole(shape.elements()), "*", true, 1, null));
        }

        @Override
        public List<PlacedParameter> parameters() {
            return List.of(new PlacedParameter("w", shape, false, segments().get(0)));
        }

        @Override
        public void valuesChanged() {}
    }

    @ParameterizedTest
    @ValueSource(strings = {"tall", "wide", "square"})
    void steps_of_bf16_are_those_of_pytorch_but_for_rounding(String name) {
        Shape shape = Shape.of(
                FIXTURE.get("shapes").get(name).get(0).asLong(),
                FIXTURE.get("shapes").get(name).get(1).asLong());
        float[] start = JsonFixture.floats(FIXTURE.get("start").get(name));
        try (Scope scope = Scope.open()) {
            One matrix = new One(shape, Tensor.of(start, Shape.of(start.length)), Tensor.zeros(Shape.of(start.length)));
            try (OptimizerState state = muon().build(matrix)) {
                for (JsonNode gradient : FIXTURE.get("gradients").get(name)) {
                    matrix.gradients().set_(JsonFixture.floats(gradient));
                    state.step(0.02);
                }
            }
            float[] after = JsonFixture.floats(FIXTURE.get("after").get(name));
            Tensor expected = Tensor.of(after, Shape.of(after.length));
            Tensor first = Tensor.of(start, Shape.of(start.length));
            double moved = expected.sub(first).norm().item();
            assertThat(matrix.values().sub(expected).norm().item() / moved).isLessThan(0.01);
        }
    }

    @Test
    void a_step_of_a_matrix_has_singular_values_near_one() {
        try (Scope scope = Scope.open()) {
            new RandomState(4).seedTorch();
            One matrix = new One(Shape.of(12, 12), Tensor.zeros(Shape.of(144)), Tensor.randn(Shape.of(144)));
            Muon plain = new Muon(1, 0, Muon.Adjustment.ORIGINAL, Optimizers.adamw(1));
            try (OptimizerState state = plain.build(matrix)) {
                state.step(1);
            }
            // The square of the Frobenius norm is the sum of the squares of the 12 singular values.
            double norm = matrix.values().norm().item();
            assertThat(norm * norm / 12).isBetween(0.7 * 0.7, 1.2 * 1.2);
        }
    }

    @Test
    void embeddings_their_output_layer_biases_and_named_matrices_change_by_AdamW() {
        try (Model model = Model.build(
                Sequential.of(
                        Layers.embedding(7, 4),
                        Layers.positionalEmbedding(5),
                        Layers.dense(6),
                        Layers.dense(4),
                        Layers.layerNorm(),
                        Layers.tiedDense(7, "layers.0.weight")),
                Specs.of(Spec.ids(5)),
                RandomState.of(1))) {
            model.store().prepareTraining(false);
            assertThat(model.store().parameters().stream().filter(muon()::takes).map(PlacedParameter::name))
                    .containsExactly("layers.2.weight", "layers.3.weight");
            Muon named = new Muon(
                    0.02,
                    0.95,
                    true,
                    0.1,
                    5,
                    List.of(3.4445, -4.775, 2.0315),
                    1e-7,
                    Muon.Adjustment.ORIGINAL,
                    Muon.Iterations.BF16,
                    Optimizers.adamw(0.02),
                    List.of("layers.3"));
            assertThat(model.store().parameters().stream().filter(named::takes).map(PlacedParameter::name))
                    .containsExactly("layers.2.weight");
            try (Scope scope = Scope.open();
                    OptimizerState muon = named.build(model.store())) {
                model.store().gradients().fill_(1);
                Tensor before = model.store().values().copy();
                muon.step(0.02);
                Tensor moved = model.store().values().sub(before);
                // The first step of AdamW is the learning rate; weights shrink by 0.02 of 0.01 besides.
                for (PlacedParameter parameter : model.store().parameters()) {
                    if (!named.takes(parameter)) {
                        Tensor part = parameter.segment().range().of(moved);
                        assertThat(part.abs().max().item()).as(parameter.name()).isCloseTo(0.02, within(1e-3));
                    }
                }
            }
        }
    }

    @Test
    void values_that_workers_divide_are_refused_with_what_to_write() {
        try (Scope scope = Scope.open()) {
            FlatSlice part = new FlatSlice() {
                @Override
                public Tensor values() {
                    return Tensor.zeros(Shape.of(3));
                }

                @Override
                public Tensor gradients() {
                    return values();
                }

                @Override
                public List<Segment> segments() {
                    return List.of();
                }

                @Override
                public void valuesChanged() {}
            };
            assertThatThrownBy(() -> muon().build(part))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("distributed.strategy: data_parallel");
        }
    }

    @Test
    void settings_out_of_range_are_named() {
        assertThatThrownBy(() -> new Muon(0, 0.1, Muon.Adjustment.ORIGINAL, Optimizers.adamw(0.1)))
                .hasMessageContaining("muon.learning_rate");
    }
}
