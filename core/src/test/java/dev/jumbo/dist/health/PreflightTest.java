package dev.jumbo.dist.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightTest {
    @TempDir
    Path directory;

    private List<Boolean> check(List<Map<String, String>> settings) {
        return ThreadWorlds.run(settings.size(), world -> {
            Preflight.on("host-" + world.rank())
                    .fact("Java", "17", "install it")
                    .settings(settings.get(world.rank()), "start all workers with the same file")
                    .check(world, directory);
            return true;
        });
    }

    @Test
    void a_setting_that_differs_is_told_by_its_key_with_both_values() {
        Map<String, String> right = Map.of("train.seed", "1", "train.epochs", "3");
        assertThat(check(List.of(right, right, right))).hasSize(3);
        assertThatThrownBy(() -> check(List.of(right, right, Map.of("train.seed", "2", "train.epochs", "3"))))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "rank 2 on host-2: expected train.seed: 1, as on rank 0 on host-0, received 2; start all workers"
                                + " with the same file");
        assertThatThrownBy(() -> check(List.of(right, Map.of("train.seed", "1"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected train.epochs: 3, as on rank 0 on host-0, received nothing");
    }
}
