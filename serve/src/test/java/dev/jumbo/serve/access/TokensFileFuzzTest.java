package dev.jumbo.serve.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.serve.fuzz.AnyBytes;
import dev.jumbo.serve.fuzz.OneFile;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;

/** The file of tokens. */
class TokensFileFuzzTest {
    private static final OneFile FILE = new OneFile("tokens");

    @Fuzzed
    void file(byte[] data) {
        FILE.write(data);
        Tokens read = AnyBytes.read(data, () -> TokensFile.read(FILE.name(), Allowance.NONE));
        if (read == null) {
            return;
        }
        assertThat(read.callers()).isNotEmpty();
        // What a token is made with by the command is read as it was meant.
        List<String> lines = new ArrayList<>();
        for (Caller caller : read.callers()) {
            lines.add(TokensFile.line(
                    caller.name(), EnumSet.copyOf(caller.scopes()), List.of(), "0123456789abcdef" + caller.name()));
        }
        FILE.write(String.join("\n", lines).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Tokens again = TokensFile.read(FILE.name(), Allowance.NONE);
        for (Caller caller : read.callers()) {
            Caller same = Objects.requireNonNull(again.identify("Bearer 0123456789abcdef" + caller.name()));
            assertThat(same.name()).isEqualTo(caller.name());
            assertThat(same.scopes()).isEqualTo(caller.scopes());
        }
    }
}
