package dev.jumbo.models.llama2c;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import dev.jumbo.models.imports.ByteSource;
import java.util.List;

/** Models and tokenizers of llama2.c of a stranger. */
class Llama2cFuzzTest {
    private static final Untrusted UNTRUSTED = Untrusted.refusedBy(InputException.class);

    @Fuzzed
    void model(byte[] bytes) {
        UNTRUSTED.parse(
                bytes,
                () -> Llama2cFile.read(ByteSource.of("model.bin", bytes), List.of())
                        .check());
    }

    @Fuzzed
    void tokenizer(byte[] bytes) {
        UNTRUSTED.parse(bytes, () -> Llama2cTokenizer.read(ByteSource.of("tokenizer.bin", bytes), 4));
    }
}
