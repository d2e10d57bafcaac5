package dev.jumbo.nn.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What becomes of logits, against transformers' logits processors (make_generation_fixtures.py of models). */
class LogitsTest {
    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).doubleValue();
        }
        return values;
    }

    private static TokenList tokens(int... ids) {
        return new TokenList(ids);
    }

    @Test
    void penalties_and_filters_leave_the_distributions_of_transformers() throws IOException {
        JsonNode fixture = new ObjectMapper().readTree(LogitsTest.class.getResource("/generation/processors.json"));
        for (JsonNode each : fixture.path("cases")) {
            JsonNode o = each.path("options");
            Sampling sampling = Sampling.of(o.path("temperature").asDouble(1), 0)
                    .topK(o.path("top_k").asInt(0))
                    .topP(o.path("top_p").asDouble(1))
                    .minP(o.path("min_p").asDouble(0))
                    .typicalP(o.path("typical_p").asDouble(1))
                    .penalties(o.path("repetition_penalty").asDouble(1), 0, 0)
                    .noRepeatNgramSize(o.path("no_repeat_ngram_size").asInt(0));
            float[] logits = floats(each.path("logits"));
            int[] ids = new ObjectMapper().convertValue(each.path("ids"), int[].class);
            Logits.penalize(logits, tokens(ids), GenerationConfig.of(4, sampling));
            Logits.filter(logits, sampling);
            double[] probabilities = Logits.probabilities(logits);
            for (int i = 0; i < probabilities.length; i++) {
                double expected = each.path("probabilities").get(i).doubleValue();
                assertThat(probabilities[i]).as("%s token %d", o, i).isCloseTo(expected, within(2e-6));
                assertThat(probabilities[i] == 0).as("%s token %d goes", o, i).isEqualTo(expected == 0);
            }
        }
    }

    /** OpenAI: mu[j] - c[j] * alpha_frequency - float(c[j] > 0) * alpha_presence, of the answer's tokens. */
    @Test
    void frequency_and_presence_penalties_count_the_answer_alone() {
        TokenList tokens = tokens(0, 0, 1);
        tokens.add(2);
        tokens.add(3);
        tokens.add(2);
        float[] logits = {1, 1, 1, 1, 1};
        GenerationConfig config = GenerationConfig.of(9, Sampling.of(1, 0).penalties(1, 0.5, 0.25));
        Logits.penalize(logits, tokens, config);
        assertThat(logits).containsExactly(1, 1, -0.25f, 0.25f, 1);
    }

    @Test
    void draws_follow_the_probabilities() {
        SplittableRandom random = new SplittableRandom(3);
        float[] logits = {(float) Math.log(0.5), (float) Math.log(0.2), Float.NEGATIVE_INFINITY, (float) Math.log(0.3)};
        int[] counts = new int[4];
        int draws = 40_000;
        for (int i = 0; i < draws; i++) {
            counts[Logits.draw(logits, random)]++;
        }
        assertThat(counts[2]).isZero();
        // Five standard deviations.
        assertThat(counts[0] / (double) draws).isCloseTo(0.5, within(0.0125));
        assertThat(counts[1] / (double) draws).isCloseTo(0.2, within(0.01));
    }

    @Test
    void a_tiny_temperature_takes_the_most_probable_and_makes_no_infinity() {
        float[] logits = {800, 900, -900};
        Logits.filter(logits, Sampling.of(1e-30, 0));
        assertThat(Logits.probabilities(logits)).containsExactly(0, 1, 0);
    }

    @Test
    void logits_that_are_no_numbers_are_a_failure_and_rules_that_leave_no_token_the_callers_mistake() {
        assertThatThrownBy(() -> Logits.requireFinite(new float[] {1, Float.NaN}))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("received NaN for the token 1");
        assertThatThrownBy(() -> Logits.argmax(new float[] {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("leave none");
    }
}
