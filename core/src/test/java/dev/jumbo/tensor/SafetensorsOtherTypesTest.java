package dev.jumbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void their_bytes_are_counted_and_types_that_the_format_does_not_know_refused() {
        assertThatThrownBy(() -> file("U16", "[3]", 7)).hasMessageContaining("expected 6 bytes for U16");
        assertThatThrownBy(() -> file("float", "[3]", 12)).isInstanceOf(InputException.class);
    }
}
