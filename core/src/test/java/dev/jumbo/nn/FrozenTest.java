package dev.jumbo.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.weights.ParameterGroup;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.Storage;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.optim.AdamW;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.Optimizers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrozenTest {
    private static final JsonNode FIXTURE = JsonFixture.read("parameters");

    @Test
    void a_head_behind_a_frozen_backbone_is_trained_as_pytorch_trains_it() {
        JsonNode frozen = FIXTURE.get("frozen");
        try (Model model = build(
                        Sequential.of(Layers.dense(3), Layers.batchNorm(), Layers.dense(2)),
                        Shape.of(4),
                        ParameterGroups.of(ParameterGroup.frozen("layers.{0,1}")));
                Scope scope = Scope.open()) {
            model.load(tensors(frozen.get("start")));
            Map<String, Tensor> before = model.state();
            model.store().prepareTraining(false);
            try (OptimizerState state = new AdamW(0.02, 0.9, 0.999, 1e-8, 0, false).build(model.store())) {
                for (int step = 0; step < 4; step++) {
                    model.store().zeroGradients();
                    Tensor x = Tensor.of(JsonFixture.floats(frozen.get("x")), Shape.of(5, 4));
                    Tensor g = Tensor.of(JsonFixture.floats(frozen.get("g")), Shape.of(5, 2));
                    model.forward(x, Pass.forTraining()).mul(g).sum().backward();
                    state.step(0.02);
                }
            }
            Map<String, Tensor> after = model.state();
            frozen.get("after")
                    .fields()
                    .forEachRemaining(e -> assertThat(values(after, "layers.2." + e.getKey()))
                            .containsExactly(JsonFixture.floats(e.getValue()), within(2e-6f)));
            for (String name : before.keySet()) {
                if (!name.startsWith("layers.2")) {
                    assertThat(values(after, name)).as(name).isEqualTo(values(before, name));
                }
            }
        }
    }

    @Test
    void frozen_parameters_have_no_gradient_and_no_state() {
        Sequential network = Sequential.of(Layers.dense(64), Layers.dense(64), Layers.dense(4));
        long start = NativeMemory.liveBytes();
        try (Model model = build(network, Shape.of(64), ParameterGroups.of(ParameterGroup.frozen("layers.{0,1}")))) {
            model.store().prepareTraining(false);
            try (OptimizerState state = Optimizers.adam(0.1).build(model.store())) {
                long frozen = 2 * (64 * 64 + 64);
                long head = 64 * 4 + 4;
                assertThat(model.store().values().elements()).isEqualTo(head);
                assertThat(Objects.requireNonNull(state.state().get("exp_avg")).elements())
                        .isEqualTo(head);
                // Values; values, gradients and two moments of the head; the count of steps.
                assertThat(NativeMemory.liveBytes() - start).isEqualTo(4 * frozen + 4 * 4 * head + 4);
            }
        }
        assertThat(NativeMemory.liveBytes()).isEqualTo(start);
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void storage_takes_the_memory_that_it_promises(Storage storage) {
        Sequential network = Sequential.of(Layers.dense(128), Layers.dense(2));
        long start = NativeMemory.liveBytes();
        try (Model model =
                build(network, Shape.of(256), ParameterGroups.of(ParameterGroup.frozen("layers.0", storage)))) {
            long weights = 128 * 256;
            long expected = switch (storage) {
                case FP32 -> 4 * weights + 4 * 128;
                case BF16 -> 2 * weights + 2 * 128;
                case INT8 -> weights + 4 * 128 + 4 * 128;
                case INT4 -> weights / 2 + 4 * 128 + 4 * 128;
            };
            assertThat(NativeMemory.liveBytes() - start).isEqualTo(expected + 4 * (128 * 2 + 2));
        }
        assertThat(NativeMemory.liveBytes()).isEqualTo(start);
    }

    @Test
    void quantized_rows_are_those_of_numpy() {
        JsonNode fixture = FIXTURE.get("quantized");
        for (Storage storage : List.of(Storage.INT8, Storage.INT4)) {
            try (Model model = build(
                            Sequential.of(Layers.dense(4), Layers.dense(2)),
                            Shape.of(7),
                            ParameterGroups.of(ParameterGroup.frozen("layers.0.weight", storage)));
                    Scope scope = Scope.open()) {
                Map<String, Tensor> given = new LinkedHashMap<>(model.state());
                given.put("layers.0.weight", Tensor.of(JsonFixture.floats(fixture.get("w")), Shape.of(4, 7)));
                model.load(given);
                float[] held = values(model.state(), "layers.0.weight");
                assertThat(held).isEqualTo(JsonFixture.floats(fixture.get(storage == Storage.INT8 ? "int8" : "int4")));
                // What a file holds gives the same bits again.
                model.load(model.state());
                assertThat(values(model.state(), "layers.0.weight")).isEqualTo(held);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void passes_compute_with_what_files_hold_whatever_the_storage_and_the_layout(Storage storage) {
        Sequential network = Sequential.of(
                Layers.conv2d(6, 3, Activation.RELU),
                Layers.maxPool2d(2),
                Layers.flatten(),
                Layers.dense(5, Activation.RELU),
                Layers.dense(3));
        for (int seed = 0; seed < 3; seed++) {
            try (Model frozen = Model.build(
                            network,
                            Specs.of(Shape.of(3, 8, 8)),
                            FirstValues.drawn(RandomState.of(seed)),
                            ParameterGroups.of(ParameterGroup.frozen("layers.{0,3}", storage)),
                            Device.CPU);
                    Model plain = build(network, Shape.of(3, 8, 8), ParameterGroups.none());
                    Scope scope = Scope.open()) {
                plain.load(frozen.state());
                RandomState.of(7).seedTorch();
                Tensor x = Tensor.zeros(Shape.of(4, 3, 8, 8)).normal_(0, 1);
                assertThat(frozen.forward(x, Pass.inference()).toFloats())
                        .isEqualTo(plain.forward(x, Pass.inference()).toFloats());
                frozen.store().prepareTraining(true);
                plain.store().prepareTraining(true);
                assertThat(frozen.forward(x, Pass.inference()).toFloats())
                        .isEqualTo(plain.forward(x, Pass.inference()).toFloats());
            }
        }
    }

    @Test
    void a_file_has_bf16_as_bf16_and_the_rest_in_fp32() {
        try (Model model = build(
                        Sequential.of(Layers.dense(3), Layers.dense(3), Layers.dense(2)),
                        Shape.of(4),
                        ParameterGroups.of(
                                ParameterGroup.frozen("layers.0", Storage.BF16),
                                ParameterGroup.frozen("layers.1", Storage.INT8)));
                Scope scope = Scope.open()) {
            Map<String, Tensor> state = model.state();
            assertThat(Objects.requireNonNull(state.get("layers.0.weight")).dtype())
                    .isEqualTo(DType.BFLOAT16);
            assertThat(Objects.requireNonNull(state.get("layers.1.weight")).dtype())
                    .isEqualTo(DType.FLOAT32);
            assertThat(state.keySet())
                    .containsExactlyInAnyOrder(
                            "layers.0.weight",
                            "layers.0.bias",
                            "layers.1.weight",
                            "layers.1.bias",
                            "layers.2.weight",
                            "layers.2.bias");
        }
    }

    @Test
    void passes_through_quantized_layers_leave_no_memory_behind() {
        try (Model model = build(
                Sequential.of(Layers.dense(8), Layers.dense(2)),
                Shape.of(4),
                ParameterGroups.of(ParameterGroup.frozen("layers.0", Storage.INT4)))) {
            model.store().prepareTraining(false);
            int tensors = NativeMemory.liveTensors();
            for (int i = 0; i < 3; i++) {
                try (Scope scope = Scope.open()) {
                    model.forward(Tensor.zeros(Shape.of(2, 4)), Pass.forTraining())
                            .sum()
                            .backward();
                }
                assertThat(NativeMemory.liveTensors()).isEqualTo(tensors);
            }
        }
    }

    private static Model build(Layer layer, Shape input, ParameterGroups groups) {
        return Model.build(layer, Specs.of(input), FirstValues.drawn(RandomState.of(1)), groups, Device.CPU);
    }

    private static float[] values(Map<String, Tensor> state, String name) {
        return Objects.requireNonNull(state.get(name)).toFloats();
    }

    static Map<String, Tensor> tensors(JsonNode named) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        named.fields()
                .forEachRemaining(e -> tensors.put(
                        e.getKey(),
                        Tensor.of(
                                JsonFixture.floats(e.getValue().get("values")),
                                Shape.of(JsonFixture.longs(e.getValue().get("shape"))))));
        return tensors;
    }
}
