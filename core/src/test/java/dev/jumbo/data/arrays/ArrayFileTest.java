package dev.jumbo.data.arrays;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayFileTest {
    private static Path fixture(String name) {
        return Path.of(Objects.requireNonNull(ArrayFileTest.class.getResource("/fixtures/arrays/" + name))
                .getPath());
    }

    private static Object values(ArrayFile file, String name, long... shape) {
        NamedArray array = file.read(name);
        assertThat(array.shape()).isEqualTo(Shape.of(shape));
        return array.values();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain.npz", "compressed.npz", "same.safetensors"})
    void arrays_are_those_that_python_saved(String name) {
        try (ArrayFile file = ArrayFile.open(fixture(name))) {
            assertThat((float[]) values(file, "f4", 2, 3)).containsExactly(-1f, -0.6f, -0.2f, 0.2f, 0.6f, 1f);
            assertThat((double[]) values(file, "f8", 2, 3))
                    .startsWith(-1e12, -6e11)
                    .endsWith(1e12);
            assertThat((long[]) values(file, "i8", 1, 2)).containsExactly(1L << 62, -5);
            assertThat((long[]) values(file, "i4", 2)).containsExactly(-3, 7);
            assertThat((float[]) values(file, "u1", 1, 2)).containsExactly(0, 255);
            assertThat((float[]) values(file, "b1", 2)).containsExactly(1, 0);
            if (!name.endsWith(".safetensors")) {
                assertThat((double[]) values(file, "big", 2, 3)).containsExactly(0, 1, 2, 3, 4, 5);
                assertThat((long[]) values(file, "u2", 2)).containsExactly(65535, 7);
            }
        }
    }

    @Test
    void columns_first_and_halves_are_what_numpy_makes_of_them_in_rows_and_floats() {
        try (ArrayFile file = ArrayFile.open(fixture("fortran.npz"));
                ArrayFile plain = ArrayFile.open(fixture("fortran_plain.npz"))) {
            assertThat((double[]) values(file, "f", 2, 3)).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(file.names()).hasSize(9);
            for (String name : file.names()) {
                NamedArray received = file.read(name);
                NamedArray expected = plain.read(name);
                assertThat(received.shape()).as(name).isEqualTo(expected.shape());
                assertThat(received.dtype()).as(name).isEqualTo(expected.dtype());
                assertThat(received.values()).as(name).isEqualTo(expected.values());
                assertThat(received.stored()).as(name).isEqualTo(expected.stored());
            }
        }
    }

    private static void refused(Path path, String array, String message) {
        assertThatThrownBy(() -> {
                    try (ArrayFile file = ArrayFile.open(path)) {
                        file.read(array);
                    }
                })
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void what_is_no_array_of_numbers_is_refused_with_what_to_do() {
        refused(fixture("objects.npz"), "words", "received |O");
        refused(fixture("words.npz"), "w", "expected numbers");
        refused(fixture("plain.npz"), "f5", "did you mean \"f4\"?");
        refused(Path.of("none.npz"), "x", "found none");
        refused(Path.of("pom.xml"), "x", "numpy.savez");
    }

    @Test
    void a_file_that_is_cut_off_or_lies_is_refused_before_memory_is_taken(@TempDir Path temp) throws IOException {
        byte[] whole = Files.readAllBytes(fixture("plain.npz"));
        Path cut = temp.resolve("cut.npz");
        for (int length : new int[] {0, 1, 30, whole.length / 2, whole.length - 1}) {
            Files.write(cut, Arrays.copyOf(whole, length));
            refused(cut, "f4", "");
        }
        Path lying = temp.resolve("lying.npz");
        try (OutputStream file = Files.newOutputStream(lying);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            entry(zip, "short", "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000,), }");
            entry(zip, "vast", "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4), }");
            entry(zip, "huge", "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 3), }");
            entry(zip, "columns", "{'descr': '<f2', 'fortran_order': True, 'shape': (1000000000, 2), }");
            entry(zip, "strange", "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }");
        }
        refused(lying, "vast", "vast: the shape [4611686018427387904, 4] has more than 2^63 elements");
        refused(lying, "short", "ends too early");
        refused(lying, "huge", "fewer than 2^31");
        refused(lying, "columns", "ends too early");
        refused(lying, "strange", "expected an array of numbers");
    }

    @Test
    void a_changed_byte_and_bytes_behind_an_array_are_noticed(@TempDir Path temp) throws IOException {
        byte[] whole = Files.readAllBytes(fixture("plain.npz"));
        byte[] changed = whole.clone();
        int at = new String(whole, StandardCharsets.ISO_8859_1).indexOf("\u0093NUMPY") + 128 + 4;
        changed[at] ^= 1;
        Path flipped = Files.write(temp.resolve("flipped.npz"), changed);
        refused(flipped, "f4", "checksum");
        Path longer = temp.resolve("longer.npz");
        try (OutputStream file = Files.newOutputStream(longer);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            entry(zip, "x", "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }");
        }
        refused(longer, "x", "nothing behind it");
    }

    @Test
    void an_array_that_is_there_twice_is_refused(@TempDir Path temp) throws IOException {
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(made)) {
            entry(zip, "a", "{'descr': '<f8', 'fortran_order': False, 'shape': (8,), }");
            entry(zip, "b", "{'descr': '<f8', 'fortran_order': False, 'shape': (8,), }");
        }
        String text = made.toString(StandardCharsets.ISO_8859_1).replace("b.npy", "a.npy");
        Path twice = Files.write(temp.resolve("twice.npz"), text.getBytes(StandardCharsets.ISO_8859_1));
        refused(twice, "a", "expected each array once, received a twice");
    }

    private static void entry(ZipOutputStream zip, String name, String header) throws IOException {
        zip.putNextEntry(new ZipEntry(name + ".npy"));
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0});
        zip.write(text);
        zip.write(new byte[64]);
        zip.closeEntry();
    }
}
