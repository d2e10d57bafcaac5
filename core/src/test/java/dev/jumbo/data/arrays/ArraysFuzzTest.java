package dev.jumbo.data.arrays;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import java.io.ByteArrayInputStream;

/** Arrays of numpy, of a stranger. */
class ArraysFuzzTest {
    private static final Untrusted UNTRUSTED = Untrusted.refusedBy(InputException.class);

    @Fuzzed
    void npy(byte[] bytes) {
        UNTRUSTED.parse(bytes, () -> NpyFile.read(new ByteArrayInputStream(bytes), "x"));
    }

    @Fuzzed
    void npz(byte[] bytes) {
        // What is packed may be a thousand times larger.
        UNTRUSTED.allocating(64 << 20, 12 << 10).parseFile(bytes, "a.npz", file -> {
            try (ArrayFile arrays = ArrayFile.open(file)) {
                arrays.names().forEach(arrays::read);
                return arrays;
            }
        });
    }
}
