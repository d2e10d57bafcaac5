package dev.jumbo.models.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import java.util.Map;

/** {@code generation_config.json} of a stranger: which tokens begin and end an answer. */
class KeptTokenizerFuzzTest {
    private static final Untrusted UNTRUSTED = Untrusted.refusedBy(InputException.class);

    @Fuzzed
    void generation(byte[] bytes) {
        UNTRUSTED.parseFile(bytes, "generation_config.json", file -> {
            Map<String, java.nio.file.Path> files = Map.of("generation_config.json", file);
            KeptTokenizer.decoderStart(files).ifPresent(id -> assertThat(id).isNotNegative());
            assertThat(KeptTokenizer.ends(files)).allMatch(id -> id >= 0);
            return files;
        });
    }
}
