package dev.jumbo.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ScheduleTest {
    private static final JsonNode FIXTURE = JsonFixture.read("schedules");

    static Stream<Arguments> schedules() {
        return Stream.of(
                Arguments.of("cosine", new Cosine(0.01)),
                Arguments.of("one_cycle", Schedules.oneCycle()),
                Arguments.of("one_cycle_other", new OneCycle(0.45, 10, 50)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("schedules")
    void gives_the_rates_of_pytorch(String name, Schedule schedule) {
        long total = FIXTURE.get("total").asLong();
        double base = FIXTURE.get("base").asDouble();
        double[] rates = LongStream.range(0, total)
                .mapToDouble(step -> schedule.at(step, total, base))
                .toArray();
        assertThat(rates)
                .containsExactly(JsonFixture.doubles(FIXTURE.get("rates").get(name)), within(1e-12));
    }

    @Test
    void constant_stays() {
        assertThat(Schedules.constant().at(17, 50, 0.3)).isEqualTo(0.3);
    }

    @Test
    void one_cycle_of_a_few_steps_stays_finite_and_below_the_maximum() {
        for (long total = 1; total <= 5; total++) {
            for (long step = 0; step < total; step++) {
                assertThat(Schedules.oneCycle().at(step, total, 1)).isBetween(0.0, 1.0);
            }
        }
    }
}
