package dev.jumbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are wrong in one way each: every one is refused with its reason before anything native is called. */
class SafetensorsDamageTest {
    private static final String A = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

    @TempDir
    Path directory;

    @Test
    void refuses_a_missing_file_and_a_directory() {
        assertRefused(directory.resolve("none"), "found none");
        assertRefused(directory, "found none");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8})
    void refuses_an_empty_file_and_one_that_ends_in_its_first_bytes(int length) {
        assertRefused(bytes(new byte[length]), "expected");
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "9", "100000001", "9223372036854775807", "-9223372036854775808", "-1"})
    void refuses_a_header_length_that_is_nothing_or_more_than_there_is(long length) {
        byte[] file = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put("{}      ".getBytes(StandardCharsets.UTF_8))
                .array();
        assertRefused(bytes(file), "received " + Long.toUnsignedString(length));
    }

    @Test
    void refuses_a_header_over_100_mb_that_the_file_does_hold() throws IOException {
        Path path = directory.resolve("sparse.safetensors");
        try (var file = new java.io.RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(100_000_100);
            file.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(100_000_001)
                    .array());
        }
        assertRefused(path, "at most 100000000");
    }

    @Test
    void refuses_a_header_that_is_not_utf8() {
        assertRefused(file("{\"a\u00ff\":1}".getBytes(StandardCharsets.ISO_8859_1), 0), "UTF-8");
        assertRefused(file("{}".getBytes(StandardCharsets.UTF_16LE), 0), "expected");
    }

    @Test
    void refuses_duplicate_names_and_duplicate_keys() {
        assertRefused(file("{" + A + "," + A + "}", 8), "the key \"a\" is given twice");
        assertRefused(
                file("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8),
                "the key \"dtype\" is given twice");
        assertRefused(file("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0), "the key \"k\" is given twice");
    }

    @Test
    void refuses_overlaps_holes_and_an_end_before_its_begin() {
        assertRefused(file("{" + A + "," + entry("b", "F32", "[2]", 4, 12) + "}", 12), "overlaps");
        assertRefused(file("{" + A + "," + entry("b", "F32", "[2]", 12, 20) + "}", 20), "hole");
        assertRefused(file("{" + entry("b", "F32", "[2]", 4, 12) + "}", 12), "hole");
        assertRefused(file("{" + entry("a", "F32", "[2]", 8, 0) + "}", 8), "begin <= end");
        assertRefused(file("{" + entry("a", "F32", "[2]", -8, 0) + "}", 8), "begin <= end");
    }

    @Test
    void refuses_trailing_bytes_and_truncation() {
        assertRefused(file("{" + A + "}", 9), "trailing");
        assertRefused(file("{}", 1), "trailing");
        assertRefused(file("{" + A + "}", 7), "truncated");
        assertRefused(file("{" + A + "}", 0), "truncated");
    }

    @Test
    void refuses_shapes_whose_product_overflows() {
        assertRefused(file("{" + entry("a", "F32", "[4294967296,4294967296]", 0, 8) + "}", 8), "2^63");
        assertRefused(file("{" + entry("a", "F32", "[4611686018427387904]", 0, 8) + "}", 8), "2^63");
        assertRefused(file("{" + entry("a", "F32", "[0,4294967296,4294967296]", 0, 0) + "}", 0), "2^63");
        assertRefused(file("{" + entry("a", "F32", "[-2]", 0, 8) + "}", 8), "0 or more");
        assertRefused(file("{" + entry("a", "F32", "[9223372036854775808]", 0, 8) + "}", 8), "expected");
        assertRefused(file("{" + entry("a", "F32", "[2.0]", 0, 8) + "}", 8), "whole numbers");
        assertRefused(file("{" + entry("a", "F32", "[" + "1,".repeat(64) + "2]", 0, 8) + "}", 8), "more than 64");
        assertRefused(file("{" + entry("a", "F32", "[" + "9".repeat(1000) + "]", 0, 8) + "}", 8), "expected");
    }

    @Test
    void refuses_an_unknown_type_and_one_at_odds_with_the_size() {
        assertRefused(file("{" + entry("a", "F8_E9M9", "[8]", 0, 8) + "}", 8), "unknown element type \"F8_E9M9\"");
        assertRefused(file("{" + entry("a", "F64", "[2]", 0, 8) + "}", 8), "expected 16 bytes");
        assertRefused(file("{" + entry("a", "F32", "[3]", 0, 8) + "}", 8), "expected 12 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{",
                "{\"a\":1}",
                "{\"a\":null}",
                "{\"a\":{}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}",
                "{\"a\":{\"dtype\":1,\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[[2]],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}}",
                "{\"__metadata__\":{\"k\":1}}",
                "{\"__metadata__\":[]}",
                "{} {}",
                "{} x"
            })
    void refuses_other_json(String header) {
        assertRefused(file(header, 0), "expected");
    }

    @Test
    void refuses_deep_nesting_in_bounded_time() {
        assertRefused(file("{\"a\":" + "[".repeat(1_000_000), 0), "expected");
    }

    @Test
    void accepts_tensors_without_elements_wherever_they_lie() {
        SafetensorsFile file = Safetensors.open(
                file("{" + entry("z", "I64", "[0]", 8, 8) + "," + A + "," + entry("b", "F32", "[3,0]", 0, 0) + "}", 8));
        assertThat(file.names()).containsExactlyInAnyOrder("a", "b", "z");
        try (Scope scope = Scope.open()) {
            assertThat(file.read("b").shape()).isEqualTo(Shape.of(3, 0));
            assertThat(file.read("z").elements()).isZero();
        }
    }

    @Test
    void a_flipped_byte_in_the_header_gives_a_file_or_a_reason_and_nothing_else() {
        byte[] sound = read(file("{" + A + "," + entry("b", "I8", "[2,2]", 8, 12) + "}", 12));
        var random = new SplittableRandom(7);
        for (int i = 0; i < 3000; i++) {
            byte[] damaged = sound.clone();
            damaged[random.nextInt(damaged.length - 12)] = (byte) random.nextInt(256);
            Path path = bytes(damaged);
            try (Scope scope = Scope.open()) {
                SafetensorsFile file = Safetensors.open(path);
                file.names().forEach(file::read);
            } catch (InputException e) {
                assertThat(e.getMessage()).contains("is not a sound safetensors file");
            }
        }
    }

    private static String entry(String name, String dtype, String shape, long begin, long end) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                .formatted(name, dtype, shape, begin, end);
    }

    private Path file(String header, int dataBytes) {
        return file(header.getBytes(StandardCharsets.UTF_8), dataBytes);
    }

    private Path file(byte[] header, int dataBytes) {
        return bytes(ByteBuffer.allocate(8 + header.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array());
    }

    private Path bytes(byte[] content) {
        try {
            return Files.write(directory.resolve("damaged.safetensors"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertRefused(Path path, String reason) {
        long before = NativeMemory.liveTensors();
        assertThatThrownBy(() -> Safetensors.open(path))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(reason);
        assertThat((long) NativeMemory.liveTensors()).isEqualTo(before);
    }
}
