package dev.jumbo.train.plan.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeakTest {
    @TempDir
    Path cache;

    @Test
    void the_peak_is_measured_once_and_kept_for_each_type() throws IOException {
        Map<String, String> environment = Map.of("XDG_CACHE_HOME", cache.toString());

        double fp32 = Peak.of(environment, false);

        // Between a slow core of twenty years ago and all of a large server.
        assertThat(fp32).isBetween(1e8, 1e15);
        assertThat(Double.parseDouble(Files.readString(Peak.file(environment, false))))
                .isEqualTo(fp32);
        assertThat(Peak.of(environment, false)).isEqualTo(fp32);
        assertThat(Peak.file(environment, true)).doesNotExist();
    }

    @Test
    void what_another_process_has_measured_is_taken() throws IOException {
        Map<String, String> environment =
                Map.of("XDG_CACHE_HOME", cache.resolve("other").toString());
        Path file = Peak.file(environment, false);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, "5.0E11\n");

        assertThat(Peak.of(environment, false)).isEqualTo(5e11);
    }
}
