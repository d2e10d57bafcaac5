package dev.jumbo.train.plan.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateBytesTest {
    private static final double GB = 1e9;

    @ParameterizedTest
    @CsvSource({"DATA_PARALLEL, 120", "ZERO1, 31.4", "ZERO3, 1.88"})
    void the_table_of_the_zero_paper_comes_out(Sharding sharding, double gigabytes) {
        // Rajbhandari et al., 2020, figure 1: 7.5 billion parameters, 64 workers, mixed precision with Adam.
        StateBytes adam = new StateBytes(2, 2, 12);

        assertThat(7.5e9 * adam.on(sharding, 64).total() / GB).isCloseTo(gigabytes, within(0.05));
    }
}
