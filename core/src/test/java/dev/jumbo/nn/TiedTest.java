package dev.jumbo.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.nn.weights.ParameterGroup;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.Optimizers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TiedTest {
    private static final JsonNode FIXTURE = JsonFixture.read("parameters").get("tied");
    private static final Specs IDS = Specs.of(Spec.of(Shape.of(5), DType.INT64));

    @Test
    void a_tied_head_goes_as_pytorchs_with_the_sum_of_both_gradients() {
        try (Model model = model("layers.0.weight");
                Scope scope = Scope.open()) {
            model.load(FrozenTest.tensors(FIXTURE.get("start")));
            model.store().prepareTraining(false);
            Tensor ids = Tensor.of(JsonFixture.longs(FIXTURE.get("ids")), Shape.of(3, 5));
            Tensor g = Tensor.of(JsonFixture.floats(FIXTURE.get("g")), Shape.of(3, 5, 7));
            try (OptimizerState state = Optimizers.sgd(0.05, 0.9).build(model.store())) {
                for (int step = 0; step < 4; step++) {
                    model.store().zeroGradients();
                    Tensor out = model.forward(ids, Pass.forTraining());
                    out.mul(g).sum().backward();
                    if (step == 0) {
                        assertThat(out.toFloats())
                                .containsExactly(JsonFixture.floats(FIXTURE.get("out")), within(1e-5f));
                        assertThat(values(model.store().gradientsByName(), "layers.0.weight"))
                                .containsExactly(JsonFixture.floats(FIXTURE.get("gradient")), within(2e-5f));
                    }
                    state.step(0.05);
                }
            }
            Map<String, Tensor> after = model.state();
            FIXTURE.get("after")
                    .fields()
                    .forEachRemaining(e -> assertThat(values(after, e.getKey()))
                            .as(e.getKey())
                            .containsExactly(JsonFixture.floats(e.getValue()), within(2e-4f)));
        }
    }

    @Test
    void it_is_there_under_both_names_saved_once_and_counted_once() {
        try (Model model = model("layers.0.weight");
                Scope scope = Scope.open()) {
            Map<String, Tensor> state = model.state();
            assertThat(state.get("layers.2.weight")).isSameAs(state.get("layers.0.weight"));
            assertThat(model.store().toFile(at -> at.of(model.store().values())))
                    .extracting(Safetensors.Source::name)
                    .containsExactlyInAnyOrder("layers.0.weight", "layers.1.weight", "layers.1.bias");
            long once = 7 * 4 + 4 * 4 + 4;
            assertThat(model.store().values().elements()).isEqualTo(once);
            assertThat(Summary.of(model.layer(), IDS).parameters()).isEqualTo(once);
        }
    }

    @Test
    void loading_takes_either_name_or_both_where_they_are_equal() {
        try (Model model = model("layers.0.weight");
                Scope scope = Scope.open()) {
            Map<String, Tensor> both = new LinkedHashMap<>(model.state());
            Tensor table = Tensor.zeros(Shape.of(7, 4)).fill_(0.5);
            both.put("layers.0.weight", table);
            both.put("layers.2.weight", table.copy());
            model.load(both);
            Map<String, Tensor> other = new LinkedHashMap<>(both);
            other.remove("layers.0.weight");
            other.put("layers.2.weight", Tensor.zeros(Shape.of(7, 4)).fill_(0.25));
            model.load(other);
            assertThat(values(model.state(), "layers.0.weight")).containsOnly(0.25f);
            both.put("layers.2.weight", Tensor.zeros(Shape.of(7, 4)));
            assertThatThrownBy(() -> model.load(both))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected \"layers.2.weight\" to be the same as \"layers.0.weight\"");
            assertThat(values(model.state(), "layers.0.weight")).containsOnly(0.25f);
        }
    }

    @Test
    void a_tie_to_nothing_or_to_another_shape_is_refused() {
        assertThatThrownBy(() -> model("layers.9.weight"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("layers.2: expected a parameter of an earlier layer")
                .hasMessageContaining("\"layers.9.weight\"")
                .hasMessageContaining("layers.0.weight");
        assertThatThrownBy(() -> model("layers.1.weight"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("[7, 4]")
                .hasMessageContaining("layers.1.weight of the shape [4, 4]");
    }

    @Test
    void a_group_of_the_other_name_is_refused_with_the_name_to_give() {
        assertThatThrownBy(() -> Model.build(
                        Sequential.of(Layers.embedding(7, 4), new TiedDense(7, "layers.0.weight")),
                        IDS,
                        FirstValues.drawn(RandomState.of(1)),
                        ParameterGroups.of(ParameterGroup.frozen("layers.1.weight")),
                        Device.CPU))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("layers.1.weight is tied to layers.0.weight, which is the name to give");
    }

    private static Model model(String kernelOf) {
        return Model.build(
                Sequential.of(Layers.embedding(7, 4), Layers.dense(4, Activation.RELU), new TiedDense(7, kernelOf)),
                IDS,
                RandomState.of(1));
    }

    private static float[] values(Map<String, Tensor> state, String name) {
        return Objects.requireNonNull(state.get(name)).toFloats();
    }
}
