package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.FailureException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTest {
    @Test
    void a_full_disk_is_told_with_the_file_though_a_library_wraps_it_and_the_earlier_file_stays(@TempDir Path dir)
            throws IOException {
        Path file = Files.writeString(dir.resolve("clean-train.csv"), "earlier");

        assertThatThrownBy(() -> Output.write(file, draft -> {
                    Files.writeString(draft, "half");
                    throw new UncheckedIOException(new IOException("No space left on device"));
                }))
                .isInstanceOf(FailureException.class)
                .hasMessage("cannot write " + file + ": No space left on device");

        assertThat(file).hasContent("earlier");
        assertThat(dir.toFile().list()).containsExactly("clean-train.csv");
    }
}
