package dev.jumbo.models.gguf;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import dev.jumbo.models.imports.ByteSource;
import java.util.List;

/** GGUF files of a stranger. */
class GgufFuzzTest {
    private static final Untrusted UNTRUSTED = Untrusted.refusedBy(InputException.class);

    @Fuzzed
    void file(byte[] bytes) {
        UNTRUSTED.parse(bytes, () -> GgufFile.read(ByteSource.of("model.gguf", bytes)));
    }

    @Fuzzed
    void model(byte[] bytes) {
        UNTRUSTED.parse(
                bytes,
                () -> GgufModel.read(ByteSource.of("model.gguf", bytes), List.of())
                        .check());
    }
}
