package dev.jumbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Files of weights of a stranger. */
class SafetensorsFuzzTest {
    private static final Untrusted UNTRUSTED = Untrusted.refusedBy(InputException.class);

    /** The header alone, beside as much data as it wants. */
    @Fuzzed
    void header(byte[] bytes) {
        long data = bytes.length % 7 == 0 ? 8 : 24;
        UNTRUSTED.parse(bytes, () -> SafetensorsHeader.parse(ByteBuffer.wrap(bytes), data));
    }

    /** The whole file: what is read and written again is read as the same. */
    @Fuzzed
    void file(byte[] bytes) {
        UNTRUSTED.parseFile(bytes, "a.safetensors", file -> {
            SafetensorsFile opened = Safetensors.open(file);
            try (Scope scope = Scope.open()) {
                Map<String, Tensor> tensors = new LinkedHashMap<>();
                for (String name : opened.names()) {
                    tensors.put(name, opened.read(name));
                }
                if (opened.unreadable().isEmpty()) {
                    requireSameAgain(file, opened, tensors);
                }
            }
            return opened;
        });
    }

    private static void requireSameAgain(Path file, SafetensorsFile opened, Map<String, Tensor> tensors) {
        Safetensors.write(file, tensors, opened.metadata());
        SafetensorsFile again = Safetensors.open(file);
        assertThat(again.names()).containsExactlyInAnyOrderElementsOf(opened.names());
        assertThat(again.metadata()).isEqualTo(opened.metadata());
        tensors.forEach((name, tensor) -> {
            Tensor other = again.read(name);
            assertThat(other.dtype()).isEqualTo(tensor.dtype());
            assertThat(other.shape()).isEqualTo(tensor.shape());
            assertThat(bytes(other)).isEqualTo(bytes(tensor));
        });
    }

    private static byte[] bytes(Tensor tensor) {
        byte[] bytes =
                new byte[Math.toIntExact(tensor.elements() * tensor.dtype().bytes())];
        if (bytes.length > 0) {
            Safetensors.memory(tensor, 0, bytes.length).get(bytes);
        }
        return bytes;
    }
}
