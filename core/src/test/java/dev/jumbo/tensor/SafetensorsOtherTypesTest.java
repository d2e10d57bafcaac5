package dev.jumbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that also have tensors of types that libtorch's tensors here do not, by the format's specification. */
class SafetensorsOtherTypesTest {
    @TempDir
    Path directory;

    private SafetensorsFile file(String dtype, String shape, int bytes) throws Exception {
        String header = "{\"odd\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[0," + bytes
                + "]},\"plain\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + bytes + "," + (bytes + 8)
                + "]}}";
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(8 + json.length + bytes + 8).order(ByteOrder.LITTLE_ENDIAN);
        all.putLong(json.length).put(json).position(8 + json.length + bytes);
        all.putFloat(1.5f).putFloat(-2);
        return Safetensors.open(Files.write(directory.resolve("x.safetensors"), all.array()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "U16|[3]|6",
                "U32|[3]|12",
                "U64|[3]|24",
                "F8_E4M3|[2,2]|4",
                "F8_E5M2|[5]|5",
                "F8_E8M0|[5]|5",
                "C64|[2]|16",
                "F4|[2,3]|3",
                "F6_E2M3|[4]|3"
            })
    void one_odd_tensor_leaves_the_others_readable_and_is_refused_by_its_name(String dtype, String shape, int bytes)
            throws Exception {
        SafetensorsFile file = file(dtype, shape, bytes);
        try (Scope scope = Scope.open()) {
            assertThat(file.read("plain").toFloats()).containsExactly(1.5f, -2);
        }
        assertThat(file.names()).containsExactly("plain");
        assertThat(file.unreadable()).containsOnlyKeys("odd");
        assertThatThrownBy(() -> file.read("odd"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("\"odd\"")
                .hasMessageContaining(dtype);
    }

    @Test
    void whole_numbers_without_a_sign_are_read_where_64_bits_with_one_hold_them() throws Exception {
        assertThat(filled("U16", 6)).containsExactly(65_535, 65_535, 65_535);
        assertThat(filled("U32", 12)).containsExactly(4_294_967_295L, 4_294_967_295L, 4_294_967_295L);
        assertThatThrownBy(() -> filled("U64", 24))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("odd: expected whole numbers below 2^63, received 18446744073709551615");
        assertThat(file("F8_E4M3", "[4]", 4).unsigned("odd")).isNull();
    }

    /** All bits of the odd tensor set. */
    private long[] filled(String dtype, int bytes) throws Exception {
        file(dtype, "[3]", bytes);
        Path path = directory.resolve("x.safetensors");
        byte[] all = Files.readAllBytes(path);
        Arrays.fill(all, all.length - 8 - bytes, all.length - 8, (byte) -1);
        return Objects.requireNonNull(Safetensors.open(Files.write(path, all)).unsigned("odd"))
                .values();
    }

    @Test
    void their_bytes_are_counted_and_types_that_the_format_does_not_know_refused() {
        assertThatThrownBy(() -> file("U16", "[3]", 7)).hasMessageContaining("expected 6 bytes for U16");
        assertThatThrownBy(() -> file("float", "[3]", 12)).isInstanceOf(InputException.class);
    }
}
