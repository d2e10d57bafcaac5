package dev.jumbo.train.plan.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Bf16Test {
    @TempDir
    Path cache;

    private Bf16 kept(String folder, String text) throws IOException {
        Map<String, String> environment =
                Map.of("XDG_CACHE_HOME", cache.resolve(folder).toString());
        Path file = CalibrationCache.of(environment, "any").bf16File();
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
        return Bf16.of(environment);
    }

    @Test
    void what_was_measured_once_is_kept_and_decides() throws IOException {
        assertThat(kept("zen3", "0.1\n").isFaster()).isFalse();
        assertThat(kept("zen3", "0.1\n").isHopeless()).isTrue();
        assertThat(kept("even", "1.02\n").isFaster()).as("no more than noise").isFalse();
        assertThat(kept("zen5", "1.9\n").isFaster()).isTrue();
        assertThat(kept("zen5", "1.9\n")).hasToString("bf16 (bf16 has 1.90 times the speed of fp32 here)");
    }

    @Test
    void a_file_that_says_nothing_is_measured_again_and_written() throws IOException {
        assertThat(kept("damaged", "fast").speed()).isPositive();
        Map<String, String> environment =
                Map.of("XDG_CACHE_HOME", cache.resolve("damaged").toString());
        assertThat(Double.parseDouble(
                        Files.readString(CalibrationCache.of(environment, "any").bf16File())))
                .isPositive();
    }
}
