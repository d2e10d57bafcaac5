package dev.jumbo.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrendTest {
    private static Trend of(int samples, DoubleUnaryOperator figure) {
        double[] minutes =
                IntStream.rangeClosed(1, samples).mapToDouble(i -> i / 6.0).toArray();
        return Trend.of(
                "figure",
                minutes,
                IntStream.range(0, samples)
                        .mapToDouble(i -> figure.applyAsDouble(minutes[i]))
                        .toArray());
    }

    @Test
    void a_straight_line_has_its_slope_and_no_error() {
        Trend trend = of(180, minute -> 500 + 2 * minute);
        assertThat(trend.perMinute()).isCloseTo(2, within(1e-9));
        assertThat(trend.error()).isCloseTo(0, within(1e-9));
        assertThat(trend.isFlat()).isFalse();
        assertThat(trend.isGrowing()).isTrue();
    }

    @Test
    void what_happens_in_the_first_third_does_not_count() {
        Trend trend = of(180, minute -> minute < 10 ? 50 * minute : 500);
        assertThat(trend.level()).isCloseTo(500, within(1e-9));
        assertThat(trend.isFlat()).isTrue();
    }

    @Test
    void what_falls_is_flat() {
        assertThat(of(180, minute -> 500 - minute).isFlat()).isTrue();
    }

    @Test
    void noise_for_a_few_minutes_is_no_growth_for_certain() {
        SplittableRandom random = new SplittableRandom(1);
        Trend trend = of(12, minute -> 500 + 50 * random.nextDouble());
        assertThat(trend.isGrowing()).isFalse();
    }
}
