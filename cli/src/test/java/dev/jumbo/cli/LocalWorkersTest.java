package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.train.DistributedConfig.Strategy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalWorkersTest {
    private static final String MAPPED = "MALLOC_MMAP_MAX_";

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void only_fully_sharded_workers_give_large_blocks_back_at_once(Strategy strategy) {
        Map<String, String> given = LocalWorkers.environment(Map.of(MAPPED, "0"), 2, strategy);
        assertThat(given.containsKey(MAPPED)).isEqualTo(strategy == Strategy.FULLY_SHARDED);
        assertThat(given).containsKey("OMP_NUM_THREADS");
    }

    @Test
    void what_the_user_has_set_stays() {
        Map<String, String> here = Map.of(MAPPED, "7", "OMP_NUM_THREADS", "1");
        assertThat(LocalWorkers.environment(here, 2, Strategy.FULLY_SHARDED)).isEmpty();
        assertThat(LocalWorkers.environment(Map.of("OMP_NUM_THREADS", "1"), 2, Strategy.FULLY_SHARDED))
                .isEmpty();
    }
}
