package dev.jumbo.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Minutes of {@code benchmarks/soak}, against {@code ./jumbo} as it was built: {@code -Djumbo.soak=1}. */
@Timeout(600)
@EnabledIfSystemProperty(named = "jumbo.soak", matches = "1")
class SoakTest {
    @TempDir
    private Path work;

    @Test
    void twenty_seconds_of_mixed_load_surprise_nobody_and_end_as_they_are_told_to() throws Exception {
        String launcher = System.getenv().getOrDefault("JUMBO", "../jumbo");
        Soak.Verdict verdict = Soak.run(Path.of(launcher).toAbsolutePath(), work, 1 / 3.0);
        assertThat(verdict.good()).as(verdict.report()).isTrue();
    }
}
