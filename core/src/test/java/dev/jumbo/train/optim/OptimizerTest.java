package dev.jumbo.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.FlatStore;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerTest {
    private static final JsonNode FIXTURE = JsonFixture.read("optimizers");

    static Stream<Arguments> optimizers() {
        return Stream.of(
                Arguments.of("sgd", new Sgd(0.1, 0, false, 0, 0, false)),
                Arguments.of("sgd_momentum", new Sgd(0.1, 0.9, false, 0, 0, false)),
                Arguments.of("sgd_dampening", new Sgd(0.1, 0.9, false, 0.05, 0.3, false)),
                Arguments.of("sgd_nesterov", new Sgd(0.1, 0.9, true, 0.05, 0, true)),
                Arguments.of("adam", new Adam(0.01, 0.9, 0.999, 1e-8, 0, false)),
                Arguments.of("adam_decay", new Adam(0.01, 0.8, 0.95, 1e-6, 0.1, false)),
                Arguments.of("adam_decay_all", new Adam(0.01, 0.9, 0.999, 1e-8, 0.1, true)),
                Arguments.of("adamw", new AdamW(0.01, 0.9, 0.999, 1e-8, 0.1, false)),
                Arguments.of("adamw_all", new AdamW(0.01, 0.9, 0.999, 1e-8, 0.1, true)),
                Arguments.of("rmsprop", new RmsProp(0.01, 0.99, 0, false, 1e-8, 0, false)),
                Arguments.of("rmsprop_momentum", new RmsProp(0.01, 0.9, 0.9, false, 1e-8, 0.05, false)),
                Arguments.of("rmsprop_centered", new RmsProp(0.01, 0.9, 0.5, true, 1e-8, 0, false)),
                Arguments.of("adagrad", new Adagrad(0.05, 0, 0, 1e-10, 0, false)),
                Arguments.of("adagrad_decay", new Adagrad(0.05, 0.1, 0.2, 1e-8, 0.05, false)),
                Arguments.of("lion", new Lion(0.01, 0.9, 0.99, 0, false)),
                Arguments.of("lion_decay", new Lion(0.01, 0.95, 0.98, 0.1, false)),
                Arguments.of(
                        "muon",
                        muon(
                                0.95,
                                true,
                                0.1,
                                5,
                                Muon.Adjustment.ORIGINAL,
                                new AdamW(0.01, 0.9, 0.999, 1e-8, 0, false))),
                Arguments.of(
                        "muon_moonlight",
                        muon(
                                0.9,
                                false,
                                0.2,
                                7,
                                Muon.Adjustment.MATCH_RMS_ADAMW,
                                new AdamW(0.005, 0.8, 0.95, 1e-8, 0, false))));
    }

    private static Muon muon(
            double momentum, boolean nesterov, double decay, int steps, Muon.Adjustment adjustment, AdamW adamw) {
        List<Double> coefficients = List.of(3.4445, -4.775, 2.0315);
        return new Muon(
                0.01,
                momentum,
                nesterov,
                decay,
                steps,
                coefficients,
                1e-7,
                adjustment,
                Muon.Iterations.FP32,
                adamw,
                List.of());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void computes_the_values_of_pytorch_over_twenty_steps(String name, Optimizer optimizer) {
        try (Model model = model();
                OptimizerState state = optimizer.build(model.store())) {
            JsonNode after = FIXTURE.get("after").get(name);
            int step = 0;
            for (JsonNode gradient : FIXTURE.get("gradients")) {
                model.store().gradients().set_(JsonFixture.floats(gradient));
                state.step(optimizer.learningRate());
                JsonNode expected = after.get(Integer.toString(++step));
                if (expected != null) {
                    assertThat(model.store().values().toFloats())
                            .as("after step %d", step)
                            .containsExactly(JsonFixture.floats(expected), within(2e-6f));
                }
            }
            assertThat(step).isEqualTo(20);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void continues_bit_for_bit_from_a_saved_state(String name, Optimizer optimizer) {
        try (Model model = model();
                Scope scope = Scope.open();
                OptimizerState first = optimizer.build(model.store());
                OptimizerState second = optimizer.build(model.store())) {
            FlatStore store = model.store();
            run(store, first, 0, 7);
            Tensor values = store.values().copy();
            Map<String, Tensor> saved = new LinkedHashMap<>();
            first.state().forEach((key, tensor) -> saved.put(key, tensor.copy()));
            run(store, first, 7, 20);
            float[] uninterrupted = store.values().toFloats();

            store.values().copy_(values);
            second.load(saved);
            run(store, second, 7, 20);
            assertThat(store.values().toFloats()).isEqualTo(uninterrupted);
        }
    }

    @Test
    void every_kind_of_optimizer_is_tested_here() {
        assertThat(optimizers().<Class<?>>map(a -> a.get()[1].getClass()).distinct())
                .hasSameElementsAs(Optimizers.kinds());
    }

    @Test
    void refuses_a_state_of_another_optimizer_and_changes_nothing() {
        try (Model model = model();
                OptimizerState adam = Optimizers.adam(0.01).build(model.store());
                OptimizerState sgd = Optimizers.sgd(0.01, 0.9).build(model.store())) {
            run(model.store(), adam, 0, 2);
            assertThatThrownBy(() -> adam.load(sgd.state()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("exp_avg")
                    .hasMessageContaining("momentum_buffer");
            assertThat(adam.state().get("step"))
                    .isNotNull()
                    .satisfies(t -> assertThat(t.item()).isEqualTo(2));
        }
    }

    @Test
    void refuses_a_state_of_another_size() {
        try (Model model = model();
                Scope scope = Scope.open();
                OptimizerState sgd = Optimizers.sgd(0.01, 0.9).build(model.store())) {
            Map<String, Tensor> saved = Map.of("step", Tensor.scalar(3), "momentum_buffer", Tensor.zeros(Shape.of(7)));
            assertThatThrownBy(() -> sgd.load(saved))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("[15]")
                    .hasMessageContaining("[7]");
        }
    }

    @Test
    void keeps_native_memory_flat_over_steps_and_frees_it_all() {
        int before = NativeMemory.liveTensors();
        try (Model model = model()) {
            for (Optimizer optimizer : List.of(Optimizers.adamw(0.01), Optimizers.sgd(0.01, 0.9))) {
                int outside = NativeMemory.liveTensors();
                try (OptimizerState state = optimizer.build(model.store())) {
                    int built = NativeMemory.liveTensors();
                    run(model.store(), state, 0, 20);
                    assertThat(NativeMemory.liveTensors()).isEqualTo(built);
                }
                assertThat(NativeMemory.liveTensors()).isEqualTo(outside);
            }
        }
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
    }

    @Test
    void updates_the_bf16_copy_of_the_weights() {
        try (Model model = Model.build(Layers.dense(3), Shape.of(4), RandomState.of(1));
                Scope scope = Scope.open()) {
            model.store().prepareTraining(true);
            model.store().gradients().fill_(1);
            try (OptimizerState state = Optimizers.sgd(1).build(model.store())) {
                float before = model.store().values().toFloats()[0];
                state.step(1);
                Tensor low = model.store().trainable().get(0).tensor();
                assertThat(low.toFloats()[0]).isCloseTo(before - 1, within(0.01f));
            }
        }
    }

    @Test
    void names_the_setting_that_is_out_of_range() {
        assertThatThrownBy(() -> Optimizers.adam(-1))
                .isInstanceOf(InputException.class)
                .hasMessage("adam.learning_rate: expected 0 or more, received -1.0");
        assertThatThrownBy(() -> new AdamW(0.1, 1, 0.9, 0, 0, false)).hasMessageContaining("adamw.beta1");
        assertThatThrownBy(() -> new Sgd(0.1, 0, true, 0, 0, false)).hasMessageContaining("sgd.nesterov");
    }

    private static void run(FlatStore store, OptimizerState state, int from, int to) {
        for (int i = from; i < to; i++) {
            store.gradients().set_(JsonFixture.floats(FIXTURE.get("gradients").get(i)));
            state.step(0.01);
        }
    }

    /** 12 weights that decay, then 3 biases. */
    private static Model model() {
        Model model = Model.build(Layers.dense(3), Shape.of(4), RandomState.of(1));
        model.store().prepareTraining(false);
        model.store().values().set_(JsonFixture.floats(FIXTURE.get("start")));
        return model;
    }
}
