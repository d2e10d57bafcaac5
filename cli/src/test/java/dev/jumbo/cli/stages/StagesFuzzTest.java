package dev.jumbo.cli.stages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.config.YamlFile;
import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Files of stages of a stranger. Nothing is run. */
class StagesFuzzTest {
    private static final Untrusted UNTRUSTED =
            Untrusted.refusedBy(InputException.class).allocating(64 << 20, 16 << 10);
    private static final Path BELOW = Path.of("/runs/all");

    /** Each stage has a directory of its own below the run's. */
    @Fuzzed
    void file(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        UNTRUSTED
                .parse(bytes, () -> StagesFile.read(YamlFile.parse("stages.yaml", text), BELOW))
                .ifPresent(stages -> assertThat(stages).isNotEmpty().allSatisfy(stage -> {
                    assertThat(BELOW.resolve(stage.name()).normalize().getParent())
                            .isEqualTo(BELOW);
                    assertThat(stage.verb()).isNotEmpty().noneMatch(String::isBlank);
                    assertThat(stage.hash()).hasSize(64);
                }));
    }
}
