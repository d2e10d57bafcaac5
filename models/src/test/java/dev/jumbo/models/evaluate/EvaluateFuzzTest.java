package dev.jumbo.models.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Task files of a stranger, and documents beside them. */
class EvaluateFuzzTest {
    private static final Untrusted UNTRUSTED =
            Untrusted.refusedBy(InputException.class).allocating(64 << 20, 16 << 10);
    private static final String ANSWER = " A: 1,024 - 24 = 1,000\n#### 1,000. \u00e4";

    /** Templates are read and not filled in: that is {@code JinjaFuzzTest}'s. */
    @Fuzzed
    void task(byte[] bytes) {
        UNTRUSTED
                .parseFile(bytes, "task.yaml", TaskFile::read)
                .ifPresent(task -> task.filters().forEach(filter -> UNTRUSTED.parse(bytes, () -> filter.of(ANSWER))));
    }

    /** Every text is a literal or is none. */
    @Fuzzed
    void literal(byte[] bytes) {
        Optional<Object> value = UNTRUSTED
                .parse(bytes, () -> PythonLiteral.of(new String(bytes, StandardCharsets.UTF_8)))
                .orElseThrow();
        value.ifPresent(EvaluateFuzzTest::requireKnown);
    }

    private static void requireKnown(Object value) {
        if (value instanceof List<?> list) {
            list.forEach(EvaluateFuzzTest::requireKnown);
        } else {
            assertThat(value).isInstanceOfAny(String.class, Long.class);
        }
    }

    @Fuzzed
    void documents(byte[] bytes) {
        UNTRUSTED.parseFile(
                bytes, "documents.jsonl", file -> Document.read(List.of("documents.jsonl"), file.getParent(), "test"));
    }
}
