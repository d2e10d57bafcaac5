package dev.jumbo.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.weights.ParameterGroup;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.Storage;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Quantized values in files: as they are held, and the same bits when they are read. */
class QuantizedFilesTest {
    private static final Sequential NETWORK = Sequential.of(
            Layers.conv2d(5, 3), // its memory is channels-last, and 5 * 27 values are odd
            Layers.maxPool2d(2),
            Layers.flatten(), // the columns of the next one lie in another order than files have them
            Layers.dense(5),
            Layers.dense(3));

    @TempDir
    Path dir;

    private static Model build(Storage storage, FirstValues first) {
        return Model.build(
                NETWORK,
                Specs.of(Shape.of(3, 8, 8)),
                first,
                ParameterGroups.of(ParameterGroup.frozen("layers.{0,3}", storage)),
                Device.CPU);
    }

    private Path write(Model model, String name) {
        Path file = dir.resolve(name);
        Safetensors.write(
                file, model.store().toFileAsHeld(at -> at.of(model.store().values())), Map.of());
        return file;
    }

    private static Map<String, float[]> values(Model model) {
        Map<String, float[]> values = new LinkedHashMap<>();
        try (Scope scope = Scope.open()) {
            model.state()
                    .forEach((name, tensor) ->
                            values.put(name, tensor.to(DType.FLOAT32).toFloats()));
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void a_file_gives_the_bits_back_to_models_of_each_storage(Storage storage) throws IOException {
        try (Model model = build(storage, FirstValues.drawn(RandomState.of(4)))) {
            Path file = write(model, "held.safetensors");
            Map<String, float[]> held = values(model);
            Weights weights = Weights.of(TensorSource.open(file));
            try (Model again = build(storage, FirstValues.loaded(weights));
                    Model plain = build(Storage.FP32, FirstValues.loaded(weights))) {
                assertThat(values(again)).usingRecursiveComparison().isEqualTo(held);
                assertThat(values(plain)).usingRecursiveComparison().isEqualTo(held);
                assertThat(Files.readAllBytes(write(again, "again.safetensors")))
                        .isEqualTo(Files.readAllBytes(file));
            }
            // As files were before: all in F32.
            Path old = dir.resolve("old.safetensors");
            try (Scope scope = Scope.open()) {
                Safetensors.write(old, model.state(), Map.of());
            }
            try (Model again = build(storage, FirstValues.loaded(Weights.of(TensorSource.open(old))))) {
                assertThat(values(again)).usingRecursiveComparison().isEqualTo(held);
            }
        }
    }

    @Test
    void a_file_takes_a_byte_or_half_a_byte_a_value() {
        try (Model model = build(Storage.INT4, FirstValues.drawn(RandomState.of(4)));
                Model eight = build(Storage.INT8, FirstValues.drawn(RandomState.of(4)))) {
            SafetensorsFile file = Safetensors.open(write(model, "a.safetensors"));
            assertThat(file.names())
                    .containsExactlyInAnyOrder(
                            "layers.0.weight.int4",
                            "layers.0.weight.scale",
                            "layers.0.weight.shape",
                            "layers.0.bias",
                            "layers.3.weight.int4",
                            "layers.3.weight.scale",
                            "layers.3.weight.shape",
                            "layers.3.bias",
                            "layers.4.weight",
                            "layers.4.bias");
            assertThat(file.entry("layers.0.weight.int4").dtype()).isEqualTo(DType.UINT8);
            assertThat(file.entry("layers.0.weight.int4").shape()).isEqualTo(Shape.of(68)); // 135 values
            assertThat(file.entry("layers.0.weight.scale").shape()).isEqualTo(Shape.of(5));
            SafetensorsFile other = Safetensors.open(write(eight, "b.safetensors"));
            assertThat(other.entry("layers.3.weight.int8").dtype()).isEqualTo(DType.INT8);
            assertThat(other.entry("layers.3.weight.int8").shape()).isEqualTo(Shape.of(5, 45));
        }
    }

    @Test
    void the_numbers_are_those_of_numpy_packed_as_documented() {
        JsonNode fixture = JsonFixture.read("parameters").get("quantized");
        for (Storage storage : new Storage[] {Storage.INT8, Storage.INT4}) {
            String part = storage == Storage.INT8 ? "int8" : "int4";
            float[] right = JsonFixture.floats(fixture.get(part));
            try (Model model = Model.build(
                            Sequential.of(Layers.dense(4), Layers.dense(2)),
                            Specs.of(Shape.of(7)),
                            FirstValues.drawn(RandomState.of(1)),
                            ParameterGroups.of(ParameterGroup.frozen("layers.0", storage)),
                            Device.CPU);
                    Scope scope = Scope.open()) {
                Map<String, Tensor> given = new LinkedHashMap<>(model.state());
                given.put("layers.0.weight", Tensor.of(JsonFixture.floats(fixture.get("w")), Shape.of(4, 7)));
                model.load(given);
                SafetensorsFile file = Safetensors.open(write(model, part));
                float[] scale = file.read("layers.0.weight.scale").toFloats();
                float[] stored =
                        file.read("layers.0.weight." + part).to(DType.FLOAT32).toFloats();
                int[] numbers = new int[28];
                for (int i = 0; i < 28; i++) {
                    numbers[i] = Math.round(right[i] / scale[i / 7]);
                    assertThat(scale[i / 7] * numbers[i]).isEqualTo(right[i]);
                }
                for (int i = 0; i < stored.length; i++) {
                    int expected =
                            storage == Storage.INT8 ? numbers[i] : numbers[2 * i] + 8 + 16 * (numbers[2 * i + 1] + 8);
                    assertThat(stored[i]).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void parts_that_do_not_fit_each_other_are_refused_and_single_ones_are_tensors_of_their_own() {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> parts = new LinkedHashMap<>();
            parts.put("w.int8", Tensor.zeros(Shape.of(2, 3)).to(DType.INT8));
            parts.put("w.scale", Tensor.zeros(Shape.of(3)));
            Path file = dir.resolve("wrong.safetensors");
            Safetensors.write(file, parts, Map.of());
            assertThatThrownBy(() -> TensorSource.open(file))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected F32 [2] as \"w.scale\"")
                    .hasMessageContaining("received F32 [3]");
            parts.clear();
            parts.put("w.int4", Tensor.zeros(Shape.of(2)).to(DType.UINT8));
            parts.put("w.scale", Tensor.zeros(Shape.of(2)));
            parts.put("w.shape", Tensor.of(new long[] {2, -3}, Shape.of(2)));
            Safetensors.write(file, parts, Map.of());
            assertThatThrownBy(() -> TensorSource.open(file)).hasMessageContaining("received [2, -3]");
            parts.put("w.shape", Tensor.of(new long[] {2, 30}, Shape.of(2)));
            Safetensors.write(file, parts, Map.of());
            assertThatThrownBy(() -> TensorSource.open(file)).hasMessageContaining("U8 [30] as \"w.int4\"");
            parts.clear();
            parts.put("v.int8", Tensor.zeros(Shape.of(2, 3)).to(DType.INT8));
            Safetensors.write(file, parts, Map.of());
            assertThat(Objects.requireNonNull(TensorSource.open(file).tensors().get("v.int8"))
                            .dtype())
                    .isEqualTo(DType.INT8);
        }
    }
}
