package dev.jumbo.train.plan.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationCacheTest {
    @TempDir
    private Path directory;

    private CalibrationCache cache(String version) {
        return CalibrationCache.in(directory.resolve("cache"), Map.of(), version);
    }

    private static Calibration calibration(String machine) {
        Sample sample = new Sample("dense", false, 64, 784, 128, 1e6, 1e-4, 2e-4, 1e-4);
        return new Calibration(machine, List.of(sample), 1e-4, 1e-9, 2e-9, 4e8, 1.6e10, 1e9, 2e9, 1e-5);
    }

    @Test
    void what_was_kept_is_found_again() {
        CalibrationCache cache = cache("1");
        Calibration made = calibration(cache.machine());

        cache.save(made, false);

        assertThat(cache.find(false)).contains(made);
        assertThat(cache.find(true)).isEmpty();
    }

    @Test
    void another_version_measures_again() {
        CalibrationCache cache = cache("1");
        cache.save(calibration(cache.machine()), false);

        assertThat(cache("2").find(false)).isEmpty();
    }

    @Test
    void other_threads_measure_again() {
        Path kept = directory.resolve("cache");
        CalibrationCache one = CalibrationCache.in(kept, Map.of("OMP_NUM_THREADS", "1"), "1");
        one.save(calibration(one.machine()), false);

        assertThat(cache("1").find(false)).isEmpty();
    }

    @Test
    void a_damaged_file_counts_as_none() throws IOException {
        CalibrationCache cache = cache("1");
        Path file = cache.save(calibration(cache.machine()), false);
        Files.writeString(file, Files.readString(file).substring(0, 100));

        assertThat(cache.find(false)).isEmpty();
    }

    @Test
    void nothing_half_written_stays_beside_it() throws IOException {
        CalibrationCache cache = cache("1");
        Path file = cache.save(calibration(cache.machine()), false);

        try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
            assertThat(files).containsExactly(file);
        }
    }
}
