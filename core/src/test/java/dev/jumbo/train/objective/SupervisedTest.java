package dev.jumbo.train.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.config.YamlFile;
import dev.jumbo.error.InputException;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.checkpoint.Kinds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SupervisedTest {
    private static TrainConfig read(String y, String z) {
        String yaml = "{losses: {y: {loss: mse, weight: " + y + "}, z: {loss: mse, weight: " + z + "}}}";
        return Kinds.records().read(TrainConfig.class, YamlFile.parse("train.yaml", yaml));
    }

    @Test
    void losses_that_all_count_nothing_are_refused_and_one_that_counts_is_enough() {
        assertThat(read("0", "0.5").hasObjective()).isTrue();
        assertThatThrownBy(() -> read("0", "0"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a weight above 0 for one or more of [y, z], received 0 for all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", ".nan", ".inf"})
    void a_weight_below_0_or_that_is_no_finite_number_is_refused(String wrong) {
        assertThatThrownBy(() -> read(wrong, "1"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("losses");
    }
}
