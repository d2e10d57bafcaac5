package dev.jumbo.data.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResamplingTest {
    private static final JsonNode RATES = JsonFixture.read("sound/sound").get("rates");

    private static double[] made(JsonNode of) {
        return Resampling.of(of.get("from").asInt(), of.get("to").asInt()).apply(JsonFixture.doubles(of.get("x")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8000-16000", "16000-8000", "44100-16000", "8000-11025", "22050-22049"})
    void another_rate_is_what_torchaudios_formula_gives(String name) {
        JsonNode of = RATES.get(name);
        double[] expected = JsonFixture.doubles(of.get("y"));
        assertThat(made(of)).hasSameSizeAs(expected).containsExactly(expected, within(1e-8));
    }

    @Test
    void a_tone_is_that_of_another_program_but_for_its_ends() {
        JsonNode of = RATES.get("soxr");
        double[] expected = JsonFixture.doubles(of.get("y"));
        double[] received = made(of);
        assertThat(received).hasSameSizeAs(expected);
        for (int i = 100; i < expected.length - 100; i++) {
            assertThat(received[i]).isCloseTo(expected[i], within(2e-3));
        }
    }
}
