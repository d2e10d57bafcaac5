package dev.jumbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Round trips and exchange with Python. The fixture comes from {@code core/src/test/python/make_safetensors_fixtures.py},
 * which also checks the other direction: {@code mvn -pl core test -Dtest=SafetensorsTest -Djumbo.keep=FILE}, then
 * {@code python core/src/test/python/make_safetensors_fixtures.py FILE}.
 */
class SafetensorsTest {
    private static final Map<String, DType> TYPES = Map.of(
            "f32",
            DType.FLOAT32,
            "f64",
            DType.FLOAT64,
            "bf16",
            DType.BFLOAT16,
            "f16",
            DType.FLOAT16,
            "i64",
            DType.INT64,
            "i32",
            DType.INT32,
            "i16",
            DType.INT16,
            "i8",
            DType.INT8,
            "u8",
            DType.UINT8,
            "bool",
            DType.BOOL);
    private static final Map<String, String> METADATA = Map.of("framework", "jumbo", "note", "a \"quoted\" text");

    @TempDir
    Path directory;

    @Test
    void reads_every_type_that_python_wrote() throws URISyntaxException {
        Path fixture = Path.of(Objects.requireNonNull(SafetensorsTest.class.getResource("python.safetensors"))
                .toURI());
        SafetensorsFile file = Safetensors.open(fixture);
        assertThat(file.metadata()).containsEntry("framework", "pt").containsEntry("note", "a \"quoted\" text");
        assertThat(file.names()).hasSize(13);
        assertContents(file);
    }

    @Test
    void reads_what_it_wrote() {
        Path path = directory.resolve("a.safetensors");
        try (Scope scope = Scope.open()) {
            Safetensors.write(path, tensors(), METADATA);
        }
        SafetensorsFile file = Safetensors.open(path);
        assertThat(file.metadata()).isEqualTo(METADATA);
        assertContents(file);
    }

    @Test
    void writes_the_value_bytes_that_python_writes() throws Exception {
        Path path = Path.of(System.getProperty(
                "jumbo.keep", directory.resolve("java.safetensors").toString()));
        try (Scope scope = Scope.open()) {
            Safetensors.write(path, tensors(), METADATA);
        }
        byte[] ours = Files.readAllBytes(path);
        byte[] theirs = Objects.requireNonNull(SafetensorsTest.class.getResourceAsStream("python.safetensors"))
                .readAllBytes();
        int values = 6 * TYPES.values().stream().mapToInt(DType::bytes).sum() + 3 * 4;
        assertThat(ByteBuffer.wrap(ours).order(ByteOrder.LITTLE_ENDIAN).getLong(0) % 8)
                .isZero();
        assertThat(sorted(ours, values)).isEqualTo(sorted(theirs, values));
    }

    @Test
    void equal_tensors_give_equal_bytes_in_whatever_order_they_come() throws Exception {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = tensors();
            Map<String, Tensor> reversed = new LinkedHashMap<>();
            List<String> names = new ArrayList<>(tensors.keySet());
            Collections.reverse(names);
            names.forEach(name -> reversed.put(name, Objects.requireNonNull(tensors.get(name))));
            Safetensors.write(first, tensors, METADATA);
            Safetensors.write(second, reversed, METADATA);
        }
        assertThat(first).hasSameBinaryContentAs(second);
    }

    @Test
    void writes_a_transposed_view_in_row_major_order() {
        Path path = directory.resolve("a.safetensors");
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3));
            Safetensors.write(path, Map.of("x", x.transpose(0, 1)), Map.of());
            Tensor read = Safetensors.open(path).read("x");
            assertThat(read.shape()).isEqualTo(Shape.of(3, 2));
            assertThat(read.toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
        }
    }

    @Test
    void an_empty_map_is_a_sound_file() {
        Path path = directory.resolve("a.safetensors");
        Safetensors.write(path, Map.of(), Map.of());
        assertThat(Safetensors.open(path).names()).isEmpty();
    }

    @Test
    void names_the_nearest_tensor_for_an_unknown_one() {
        Path path = directory.resolve("a.safetensors");
        try (Scope scope = Scope.open()) {
            Safetensors.write(path, Map.of("layers.0.weight", Tensor.scalar(1)), Map.of());
        }
        SafetensorsFile file = Safetensors.open(path);
        assertThatThrownBy(() -> file.entry("layers.0.wieght"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("did you mean \"layers.0.weight\"?");
    }

    @Test
    void refuses_the_reserved_name_and_a_place_it_cannot_write_to() {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> reserved = Map.of("__metadata__", Tensor.scalar(1));
            assertThatThrownBy(() -> Safetensors.write(directory.resolve("a"), reserved, Map.of()))
                    .isInstanceOf(InputException.class);
            assertThatThrownBy(() -> Safetensors.write(directory.resolve("no/such/a"), Map.of(), Map.of()))
                    .isInstanceOf(FailureException.class)
                    .hasMessageContaining("can't write");
        }
    }

    @Test
    void reading_in_a_scope_leaves_no_native_bytes_behind() {
        Path path = directory.resolve("a.safetensors");
        try (Scope scope = Scope.open()) {
            Safetensors.write(path, tensors(), METADATA);
        }
        SafetensorsFile file = Safetensors.open(path);
        long before = NativeMemory.liveBytes();
        for (int i = 0; i < 100; i++) {
            try (Scope scope = Scope.open()) {
                file.names().forEach(file::read);
            }
        }
        assertThat(NativeMemory.liveBytes()).isEqualTo(before);
    }

    /** The tensors of the Python script, in the current scope. */
    private static Map<String, Tensor> tensors() {
        Map<String, Tensor> made = new LinkedHashMap<>();
        TYPES.forEach((name, dtype) -> made.put(
                name, Tensor.of(new float[] {0, 1, 2, 3, 4, 5}, Shape.of(2, 3)).to(dtype)));
        made.put("empty", Tensor.zeros(Shape.of(0, 4)));
        made.put("scalar", Tensor.scalar(2.5));
        made.put("größe.weight", Tensor.of(new float[] {-1.5f, 0.25f}, Shape.of(2)));
        return made;
    }

    private static void assertContents(SafetensorsFile file) {
        try (Scope scope = Scope.open()) {
            TYPES.forEach((name, dtype) -> {
                Tensor read = file.read(name);
                assertThat(read.dtype()).isEqualTo(dtype);
                assertThat(read.shape()).isEqualTo(Shape.of(2, 3));
                assertThat(read.toFloats())
                        .as(name)
                        .containsExactly(
                                dtype == DType.BOOL ? new float[] {0, 1, 1, 1, 1, 1} : new float[] {0, 1, 2, 3, 4, 5});
            });
            assertThat(file.read("empty").shape()).isEqualTo(Shape.of(0, 4));
            assertThat(file.read("scalar").shape()).isEqualTo(Shape.of());
            assertThat(file.read("scalar").item()).isEqualTo(2.5);
            assertThat(file.read("größe.weight").toFloats()).containsExactly(-1.5f, 0.25f);
        }
    }

    /** The last bytes of a file in ascending order: the two writers order tensors of one width differently. */
    private static byte[] sorted(byte[] file, int last) {
        byte[] values = Arrays.copyOfRange(file, file.length - last, file.length);
        Arrays.sort(values);
        return values;
    }
}
