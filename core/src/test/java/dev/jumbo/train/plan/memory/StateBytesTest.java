package dev.jumbo.train.plan.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.optim.Optimizers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateBytesTest {
    private static final double GB = 1e9;

    @ParameterizedTest
    @CsvSource({"DATA_PARALLEL, 120", "ZERO1, 31.4", "FULLY_SHARDED, 1.88"})
    void the_table_of_the_zero_paper_comes_out(Sharding sharding, double gigabytes) {
        // Rajbhandari et al., 2020, figure 1: 7.5 billion parameters, 64 workers, mixed precision with Adam.
        StateBytes adam = new StateBytes(2, 2, 12);

        assertThat(7.5e9 * adam.on(sharding, 64).total() / GB).isCloseTo(gigabytes, within(0.05));
    }

    @ParameterizedTest
    @CsvSource({
        "FP32, DATA_PARALLEL, 2, 16", "FP32, ZERO1, 2, 12", "FP32, ZERO1, 4, 10", "FP32, FULLY_SHARDED, 4, 4",
        "BF16, DATA_PARALLEL, 2, 20", "BF16, ZERO1, 2, 12", "BF16, ZERO1, 4, 8", "BF16, FULLY_SHARDED, 4, 4"
    })
    void adam_takes_what_jumbo_holds(TrainConfig.Precision precision, Sharding sharding, int workers, double bytes) {
        // The table of docs/zero.md; in bf16 ZeRO-1 holds the sums of its own range too while a step lasts, 4 / N
        // bytes.
        TrainConfig config = Trainer.of(Dense.of(1, Activation.LINEAR))
                .optimizer(Optimizers.adam(1e-3))
                .precision(precision)
                .config();

        assertThat(StateBytes.of(config, sharding, workers).total()).isEqualTo(bytes);
    }
}
