package dev.jumbo.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import java.nio.charset.StandardCharsets;

/** Configurations, manifests and model descriptions of a stranger: YAML, and JSON as a part of it. */
class YamlFuzzTest {
    private static final Untrusted UNTRUSTED =
            Untrusted.refusedBy(InputException.class).allocating(32 << 20, 4 << 10);

    @Fuzzed
    void file(byte[] bytes) {
        UNTRUSTED.parseFile(bytes, "a.yaml", YamlFile::read);
    }

    /** What was read and is written, in either form, is read as the same. */
    @Fuzzed
    void text(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        UNTRUSTED.parse(bytes, () -> YamlFile.parse("a.yaml", text).tree()).ifPresent(tree -> {
            assertThat(again(YamlText.yaml(tree))).isEqualTo(tree);
            // JSON has no infinity: it is a text there.
            assertThat(YamlText.json(again(YamlText.json(tree)))).isEqualTo(YamlText.json(tree));
        });
    }

    private static JsonNode again(String text) {
        return YamlFile.parse("again.yaml", text).tree();
    }
}
