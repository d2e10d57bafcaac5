package dev.jumbo.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
                Arguments.of("step", new Step(15, 0.5)),
                Arguments.of("exponential", new Exponential(0.95, 1)),
                Arguments.of("warmup_cosine", new WarmUp(10, 0, 0.25, new Cosine(0))),
                Arguments.of("warmup_cosine", new WarmUp(0, 0.2, 0.25, new Cosine(0))),
                Arguments.of("cosine", new Cosine(0.01)),
                Arguments.of("one_cycle", Schedules.oneCycle()),
                Arguments.of("one_cycle_other", new OneCycle(0.45, 10, 50)),
                Arguments.of("wsd_linear", Schedules.wsd(5, 20, Wsd.Decay.LINEAR)),
                Arguments.of("wsd_linear", new Wsd(0, 0.1, 0, 0.4, Wsd.Decay.LINEAR, 0)),
                Arguments.of("wsd_sqrt", new Wsd(10, 0, 15, 0, Wsd.Decay.ONE_MINUS_SQRT, 0.1)),
                Arguments.of("wsd_cosine", Schedules.wsd(0, 10, Wsd.Decay.COSINE)),
                Arguments.of("inverse_sqrt", Schedules.inverseSqrt(8)),
                Arguments.of("inverse_sqrt_other", new InverseSqrt(8, 20)),
                Arguments.of("inverse_sqrt_plain", Schedules.inverseSqrt(0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("schedules")
    void gives_the_rates_of_pytorch_and_transformers(String name, Schedule schedule) {
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

    /** Vaswani et al., 2017, equation 3, whose steps count from 1. */
    @Test
    void inverse_sqrt_with_the_width_in_its_base_is_that_of_the_first_transformer() {
        double base = Math.pow(512 * 4000.0, -0.5);
        for (int step : new int[] {1, 17, 3999, 4000, 4001, 100_000}) {
            double paper = Math.pow(512, -0.5) * Math.min(Math.pow(step, -0.5), step * Math.pow(4000, -1.5));
            assertThat(Schedules.inverseSqrt(4000).at(step, 1, base)).isCloseTo(paper, within(1e-12));
        }
    }

    @Test
    void wsd_does_not_depend_on_the_number_of_steps_before_its_decay() {
        Schedule schedule = Schedules.wsd(10, 20, Wsd.Decay.ONE_MINUS_SQRT);
        for (long step = 0; step <= 80; step++) {
            assertThat(schedule.at(step, 100, 3)).isEqualTo(schedule.at(step, 1000, 3));
        }
        assertThat(schedule.at(12, 14, 1))
                .as("a decay cut short by a short training")
                .isBetween(0.2, 0.4);
        assertThat(schedule.at(100, 100, 1)).isZero();
    }

    @Test
    void one_cycle_of_a_few_steps_stays_finite_and_below_the_maximum() {
        for (long total = 1; total <= 5; total++) {
            for (long step = 0; step < total; step++) {
                assertThat(Schedules.oneCycle().at(step, total, 1)).isBetween(0.0, 1.0);
            }
        }
    }

    @Test
    void warm_up_starts_at_zero_and_reaches_the_base() {
        Schedule schedule = Schedules.warmUp(4, Schedules.constant());
        assertThat(LongStream.range(0, 6).mapToDouble(step -> schedule.at(step, 6, 2)))
                .containsExactly(0.0, 0.5, 1.0, 1.5, 2.0, 2.0);
    }

    @Test
    void exponential_takes_decay_steps_for_its_factor() {
        assertThat(Schedules.exponential(0.5, 10).at(20, 100, 1)).isCloseTo(0.25, within(1e-12));
    }

    static Stream<Arguments> plateaus() {
        return Stream.of(
                Arguments.of("plain", new ReduceOnPlateau("val_loss", 0.5, 2, 1e-4, 0, 0), false),
                Arguments.of("cooldown", new ReduceOnPlateau("val_loss", 0.1, 1, 1e-4, 2, 0.01), false),
                Arguments.of("max", new ReduceOnPlateau("val_accuracy", 0.5, 2, 1e-4, 0, 0), true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plateaus")
    void falls_on_a_plateau_as_pytorch_also_after_a_resume(String name, ReduceOnPlateau rule, boolean higherIsBetter) {
        double base = FIXTURE.get("base").asDouble();
        double[] expected = JsonFixture.doubles(FIXTURE.get("plateau").get(name));
        Plateau plateau = rule.start(higherIsBetter);
        int epoch = 0;
        for (double value : JsonFixture.doubles(FIXTURE.get("metric"))) {
            plateau.observe(value);
            assertThat(plateau.learningRate(base)).as("epoch %d", epoch).isCloseTo(expected[epoch++], within(1e-12));
            Plateau resumed = rule.start(higherIsBetter);
            resumed.load(plateau.state());
            plateau = resumed;
        }
        assertThat(epoch).isEqualTo(20);
    }

    @Test
    void settings_out_of_range_are_named() {
        assertThatThrownBy(() -> new Step(0, 0.1)).hasMessage("step.step_size: expected 1 or more, received 0");
        assertThatThrownBy(() -> new WarmUp(5, 0.1, 0, Schedules.constant())).hasMessageContaining("warmup_ratio");
        assertThatThrownBy(() -> new WarmUp(5, 0, 0, Schedules.reduceOnPlateau("val_loss", 0.5, 2)))
                .hasMessageContaining("reduce_on_plateau");
        assertThatThrownBy(() -> new ReduceOnPlateau("val_loss", 1, 0, 0, 0, 0)).hasMessageContaining("factor");
    }
}
