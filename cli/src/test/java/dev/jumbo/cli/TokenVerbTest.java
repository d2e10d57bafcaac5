package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.serve.access.TokensFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jumbo token}: what is printed, what is kept, and what is refused. */
class TokenVerbTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void a_token_is_printed_once_and_its_hash_is_kept(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("tokens");
        Files.writeString(file, "# ours");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(token("shop", "--models", "digits,prices", "--file", file.toString()))
                .isZero();
        String secret = out.toString().strip();
        assertThat(secret).matches("[0-9a-f]{64}");
        assertThat(Files.readString(file))
                .matches("# ours\nshop infer sha256:[0-9a-f]{64} models=digits,prices\n")
                .doesNotContain(secret);
        assertThat(err.toString()).doesNotContain(secret);
        assertThat(token("ops", "--scopes", "admin,metrics", "--file", file.toString()))
                .isZero();
        assertThat(TokensFile.names(file)).containsExactly("shop", "ops");
        assertThat(token("shop", "--file", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("a token of the name shop");
    }

    @Test
    void quotas_are_in_the_line_as_the_server_reads_them(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("tokens");
        assertThat(token(
                        "shop",
                        "--requests-per-second=0.5",
                        "--rows-per-second",
                        "100000",
                        "--concurrent=8",
                        "--file",
                        file.toString()))
                .isZero();
        assertThat(Files.readString(file))
                .matches(
                        "shop infer sha256:[0-9a-f]{64} requests_per_second=0.5 rows_per_second=100000 concurrent=8\n");
        assertThat(TokensFile.names(file)).containsExactly("shop");
        for (String wrong : new String[] {
            "--requests-per-second=-1",
            "--rows-per-second=1e12",
            "--concurrent=-2",
            "--rows-per-second=NaN",
            "--concurrent=2.5"
        }) {
            assertThat(token("other", wrong, "--file", file.toString()))
                    .as(wrong)
                    .isEqualTo(2);
        }
        assertThat(err.toString()).contains("quota.concurrent: expected 0 (no limit) or more, received -2");
        assertThat(TokensFile.names(file)).containsExactly("shop");
    }

    @Test
    void a_new_file_is_its_owners_alone(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("new");
        assertThat(token("a", "--file", file.toString())).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void without_a_file_the_line_is_said() {
        assertThat(token("a")).isZero();
        assertThat(err.toString()).contains("a infer sha256:");
        assertThat(token("not/a/name")).isEqualTo(2);
    }

    private int token(String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "token";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return Jumbo.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
