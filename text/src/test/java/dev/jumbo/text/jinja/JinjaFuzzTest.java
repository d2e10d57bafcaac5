package dev.jumbo.text.jinja;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Chat templates of a stranger, read and rendered. */
class JinjaFuzzTest {
    private static final Untrusted UNTRUSTED =
            Untrusted.refusedBy(InputException.class).allocating(128 << 20, 1 << 12);

    /** Less than usual: an answer is owed within a second. */
    private static final TemplateLimits LIMITS = new TemplateLimits(200_000, 1 << 16, 16);

    private static final List<Map<String, Object>> MESSAGES = List.of(
            Map.of("role", "system", "content", " Be brief.\n"),
            Map.of("role", "user", "content", "What is \u00e4?"),
            Map.of("role", "assistant", "content", "A letter.", "n", 3));

    @Fuzzed
    void template(byte[] bytes) {
        String template = new String(bytes, StandardCharsets.UTF_8);
        UNTRUSTED.parse(
                bytes,
                () -> JinjaTemplate.parse(template)
                        .with(LIMITS)
                        .render(
                                Map.of(
                                        "messages",
                                        MESSAGES,
                                        "bos_token",
                                        "<s>",
                                        "eos_token",
                                        "</s>",
                                        "add_generation_prompt",
                                        true),
                                MESSAGES));
    }
}
