package dev.jumbo.serve.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The format of a file of tokens, and what is wrong with one. */
class TokensFileTest {
    /** SHA-256 of "abc", from FIPS 180-4. */
    private static final String ABC = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path directory;

    @Test
    void lines_have_names_scopes_hashes_and_settings() {
        Tokens tokens = read("# comment\n\nshop infer " + ABC + " models=a,b concurrent=3 # the shop\n"
                + "ops\tadmin,metrics plain:0123456789#abcdef\n");
        Caller shop = Objects.requireNonNull(tokens.identify("Bearer abc"));
        assertThat(shop)
                .isEqualTo(new Caller("shop", Set.of(TokenScope.INFER), List.of("a", "b"), new Allowance(7, 0, 3)));
        assertThat(shop.mayUse("a")).isTrue();
        assertThat(shop.mayUse("c")).isFalse();
        Caller ops = Objects.requireNonNull(tokens.identify("bearer 0123456789#abcdef"));
        assertThat(ops.scopes()).containsExactlyInAnyOrder(TokenScope.ADMIN, TokenScope.METRICS);
        assertThat(tokens.identify("Bearer abd")).isNull();
        assertThat(tokens.identify("Basic abc")).isNull();
        assertThat(tokens.toString()).doesNotContain("ba7816bf", "0123456789");
    }

    @Test
    void a_line_that_was_made_here_is_read_here_and_does_not_hold_the_secret() {
        String secret = TokensFile.secret();
        assertThat(secret).matches("[0-9a-f]{64}").isNotEqualTo(TokensFile.secret());
        String line = TokensFile.line("ci", Set.of(TokenScope.METRICS, TokenScope.INFER), List.of("digits"), secret);
        assertThat(line).startsWith("ci infer,metrics sha256:").doesNotContain(secret);
        assertThat(Objects.requireNonNull(read(line).identify("Bearer " + secret))
                        .models())
                .containsExactly("digits");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop infer | expected NAME SCOPES SECRET",
                "sh/op infer HASH | expected a name",
                "shop infre HASH | 'did you mean \"infer\"'",
                "shop infer, HASH | expected scopes",
                "shop infer sha256:1234 | 64 hexadecimal digits",
                "shop infer plain:short | at least 16",
                "shop infer secretsecretsecret | expected sha256:",
                "shop infer HASH model=a | 'did you mean \"models\"'",
                "shop infer HASH concurrent=-1 | expected a number",
                "shop infer HASH concurrent | expected settings",
                "'# nothing' | expected a token"
            })
    void what_is_wrong_is_told_with_its_place_and_without_the_secret(String line, String reason) {
        assertThatThrownBy(() -> read(line.replace("HASH", ABC)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(reason)
                .hasMessageContaining("tokens")
                .message()
                .doesNotContain("secretsecret", "plain:short", "ba7816bf");
    }

    @Test
    void names_are_there_once() {
        assertThatThrownBy(() -> read("a infer " + ABC + "\na admin " + ABC))
                .hasMessageContaining("line 2: the name a");
    }

    @Test
    void a_file_that_others_may_write_is_refused_and_plain_secrets_that_others_may_read_too() throws IOException {
        Path hashed = write("a infer " + ABC);
        Path plain = write("a infer plain:0123456789abcdef");
        permit(hashed, "rw-r--r--");
        assertThat(TokensFile.names(hashed)).containsExactly("a");
        permit(hashed, "rw--w----");
        assertThatThrownBy(() -> TokensFile.names(hashed)).hasMessageContaining("others may write");
        permit(plain, "rw----r--");
        assertThatThrownBy(() -> TokensFile.names(plain))
                .hasMessageContaining("others may read the plain secrets")
                .hasMessageContaining("chmod 600");
        permit(plain, "rw-------");
        assertThat(TokensFile.names(plain)).containsExactly("a");
    }

    @Test
    void a_file_that_is_not_there_is_an_error() {
        assertThatThrownBy(() -> TokensFile.names(directory.resolve("none"))).isInstanceOf(InputException.class);
    }

    private Tokens read(String text) {
        return TokensFile.read(write(text).toString(), new Allowance(7, 0, 0));
    }

    private Path write(String text) {
        try {
            Path file = Files.createTempFile(directory, "tokens", "");
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void permit(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
