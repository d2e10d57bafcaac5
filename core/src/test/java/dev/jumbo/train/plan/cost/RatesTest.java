package dev.jumbo.train.plan.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.error.InputException;
import dev.jumbo.train.plan.machine.Sample;
import java.util.List;
import org.junit.jupiter.api.Test;

class RatesTest {
    @Test
    void rates_go_through_the_samples_and_between_them() {
        Rates rates = new Rates(List.of(sample(1e3, 1e-5), sample(1e6, 1e-3 + 1e-5), sample(1e8, 0.05 + 1e-5)), false);

        assertThat(rates.seconds("pass", 1e6, 1, 1, 1e6, Sample::forward)).isCloseTo(1.01e-3, within(1e-6));
        assertThat(rates.seconds("pass", 1e8, 1, 1, 1e8, Sample::forward)).isCloseTo(0.05, within(1e-4));
        assertThat(rates.seconds("pass", 10, 1, 1, 10, Sample::forward)).isEqualTo(1e-5);
        assertThat(rates.seconds("pass", 1e7, 1, 1, 1e7, Sample::forward)).isBetween(5e-3, 1e-2);
        assertThatThrownBy(() -> rates.seconds("other", 1, 1, 1, 1, Sample::forward))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--calibrate");
    }

    private static Sample sample(double work, double seconds) {
        return new Sample("pass", false, work, 1, 1, work, seconds, seconds, seconds);
    }
}
