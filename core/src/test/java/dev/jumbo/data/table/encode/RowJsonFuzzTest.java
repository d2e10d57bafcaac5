package dev.jumbo.data.table.encode;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import java.nio.charset.StandardCharsets;

/** Rows of a table that a client sends. */
class RowJsonFuzzTest {
    private static final Untrusted UNTRUSTED = Untrusted.refusedBy(InputException.class);

    @Fuzzed
    void rows(byte[] bytes) {
        UNTRUSTED.parse(bytes, () -> RowJson.read(bytes));
    }

    @Fuzzed
    void line(byte[] bytes) {
        UNTRUSTED.parse(bytes, () -> RowJson.line(new String(bytes, StandardCharsets.UTF_8)));
    }
}
