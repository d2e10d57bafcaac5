package dev.jumbo.nn;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.dropout;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ModelTest {
    private static final Shape IMAGE = Shape.of(2, 8, 9);
    private static final Layer CNN = Sequential.of(
            conv2d(4, 3, RELU), maxPool2d(2), batchNorm(), flatten(), dropout(0.5), dense(6, RELU), dense(3));

    private static Model build(long seed) {
        return Model.build(CNN, IMAGE, RandomState.of(seed));
    }

    @Test
    void parameters_have_the_names_and_shapes_of_pytorch() {
        try (Scope scope = Scope.open();
                Model model = build(1)) {
            Map<String, Shape> shapes = new LinkedHashMap<>();
            model.state().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
            assertThat(shapes)
                    .containsOnly(
                            Map.entry("layers.0.weight", Shape.of(4, 2, 3, 3)),
                            Map.entry("layers.0.bias", Shape.of(4)),
                            Map.entry("layers.2.weight", Shape.of(4)),
                            Map.entry("layers.2.bias", Shape.of(4)),
                            Map.entry("layers.2.running_mean", Shape.of(4)),
                            Map.entry("layers.2.running_var", Shape.of(4)),
                            Map.entry("layers.5.weight", Shape.of(6, 36)),
                            Map.entry("layers.5.bias", Shape.of(6)),
                            Map.entry("layers.6.weight", Shape.of(3, 6)),
                            Map.entry("layers.6.bias", Shape.of(3)));
        }
    }

    @Test
    void the_same_seed_gives_the_same_values_and_another_seed_others() {
        try (Scope scope = Scope.open();
                Model a = build(7);
                Model b = build(7);
                Model c = build(8)) {
            assertThat(a.store().values().toFloats())
                    .isEqualTo(b.store().values().toFloats());
            assertThat(a.store().values().toFloats())
                    .isNotEqualTo(c.store().values().toFloats());
        }
    }

    @Test
    void a_parameter_s_first_values_do_not_depend_on_the_layers_behind_it() {
        Layer shorter = Sequential.of(conv2d(4, 3, RELU));
        try (Scope scope = Scope.open();
                Model a = build(7);
                Model b = Model.build(shorter, IMAGE, RandomState.of(7))) {
            assertThat(values(a, "layers.0.weight")).isEqualTo(values(b, "layers.0.weight"));
        }
    }

    @Test
    void the_state_of_one_model_makes_another_equal() {
        try (Scope scope = Scope.open();
                Model from = build(1);
                Model to = build(2)) {
            from.forward(Tensor.randn(IMAGE.prepend(5)), Pass.forTraining());
            to.load(from.state());
            assertThat(to.store().values().toFloats())
                    .isEqualTo(from.store().values().toFloats());
            assertThat(to.store().buffers().toFloats())
                    .isEqualTo(from.store().buffers().toFloats());
            Tensor x = Tensor.randn(IMAGE.prepend(3));
            assertThat(to.forward(x, Pass.inference()).toFloats())
                    .isEqualTo(from.forward(x, Pass.inference()).toFloats());
        }
    }

    @Test
    void the_state_is_a_copy_that_training_does_not_change() {
        try (Scope scope = Scope.open();
                Model model = build(1)) {
            Map<String, Tensor> state = model.state();
            Map<String, float[]> before = new LinkedHashMap<>();
            state.forEach((name, tensor) -> before.put(name, tensor.toFloats()));
            model.store().values().fill_(9);
            model.store().buffers().fill_(9);
            state.forEach(
                    (name, tensor) -> assertThat(tensor.toFloats()).as(name).isEqualTo(before.get(name)));
        }
    }

    @Test
    void a_state_that_does_not_fit_is_refused_by_name_and_changes_nothing() {
        try (Scope scope = Scope.open();
                Model model = build(1);
                Model other = build(2)) {
            float[] before = model.store().values().toFloats();

            Map<String, Tensor> missing = other.state();
            missing.remove("layers.6.bias");
            assertThatThrownBy(() -> model.load(missing))
                    .isInstanceOf(InputException.class)
                    .hasMessage("expected a tensor \"layers.6.bias\" [3], found none");

            Map<String, Tensor> unknown = other.state();
            unknown.put("layers.9.weight", Tensor.scalar(1));
            assertThatThrownBy(() -> model.load(unknown))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("layers.9.weight");

            Map<String, Tensor> wrong = other.state();
            wrong.put("layers.6.bias", Tensor.zeros(Shape.of(4)));
            assertThatThrownBy(() -> model.load(wrong))
                    .isInstanceOf(InputException.class)
                    .hasMessage("expected \"layers.6.bias\" to have the shape [3], received [4]");

            assertThat(model.store().values().toFloats()).isEqualTo(before);
        }
    }

    @Test
    void pytorch_s_counters_of_batches_are_passed_over() {
        try (Scope scope = Scope.open();
                Model model = build(1)) {
            Map<String, Tensor> state = model.state();
            state.put("layers.2.num_batches_tracked", Tensor.of(new long[] {3}, Shape.of()));
            model.load(state);
        }
    }

    @Test
    void gradients_land_in_the_flat_store_in_fp32_and_bf16() {
        try (Scope scope = Scope.open();
                Model model = build(1)) {
            Tensor x = Tensor.randn(IMAGE.prepend(4));
            model.store().prepareTraining(false);
            model.store().zeroGradients();
            model.forward(x, new Pass(false)).sum().backward();
            double exact = model.store().gradients().norm().item();
            assertThat(exact).isGreaterThan(0.1);
            model.store().zeroGradients();
            assertThat(model.store().gradients().norm().item()).isZero();

            model.store().prepareTraining(true);
            model.forward(x, new Pass(false)).sum().backward();
            model.store().gatherGradients();
            assertThat(model.store().gradients().norm().item()).isCloseTo(exact, within(0.1 * exact));
        }
    }

    @Test
    void closing_a_model_frees_its_native_memory() {
        int tensors = NativeMemory.liveTensors();
        long bytes = NativeMemory.liveBytes();
        try (Model model = build(1)) {
            model.store().prepareTraining(true);
            assertThat(NativeMemory.liveBytes())
                    .isGreaterThanOrEqualTo(bytes + 8 * model.store().values().elements());
        }
        assertThat(NativeMemory.liveTensors()).isEqualTo(tensors);
        assertThat(NativeMemory.liveBytes()).isEqualTo(bytes);
    }

    @Test
    void a_model_that_does_not_fit_together_allocates_nothing() {
        int tensors = NativeMemory.liveTensors();
        assertThatThrownBy(() -> Model.build(CNN, Shape.of(2, 3, 3), RandomState.of(1)))
                .isInstanceOf(ShapeException.class)
                .hasMessageStartingWith("layers.1: expected an image");
        assertThat(NativeMemory.liveTensors()).isEqualTo(tensors);
    }

    /** 400 TB: more than a process can address, so no system gives it. */
    @Test
    void a_model_that_memory_cannot_hold_says_how_much_it_needs() {
        int tensors = NativeMemory.liveTensors();
        assertThatThrownBy(() -> Model.build(dense(10_000_000), Shape.of(10_000_000), RandomState.of(1)))
                .isInstanceOf(FailureException.class)
                .hasMessage("the model's 100,000,010,000,000 values need 400000.0 GB, which the system does not give;"
                        + " make the model smaller");
        assertThat(NativeMemory.liveTensors()).isEqualTo(tensors);
    }

    @Test
    void an_input_that_was_not_described_is_refused() {
        try (Scope scope = Scope.open();
                Model model = build(1)) {
            Tensor x = Tensor.zeros(Shape.of(4, 9, 8, 2));
            assertThatThrownBy(() -> model.forward(x, Pass.inference()))
                    .isInstanceOf(ShapeException.class)
                    .hasMessage("input: expected a batch [N] of [2, 8, 9], received [4, 9, 8, 2]");
            assertThatThrownBy(() -> model.forward(Tensors.of(List.of(x, x)), Pass.inference()))
                    .isInstanceOf(ShapeException.class)
                    .hasMessage("expected 1 inputs, received 2");
        }
    }

    @Test
    void two_parameters_of_one_name_are_a_mistake_in_a_layer() {
        Parameters slots = Parameters.collect().child("block");
        slots.norm("weight", Shape.of(2), Initializers.ones());
        assertThatThrownBy(() -> slots.buffer("weight", Shape.of(2), Initializers.ones()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("two parameters are named block.weight");
    }

    private static float[] values(Model model, String name) {
        return Objects.requireNonNull(model.state().get(name)).toFloats();
    }
}
