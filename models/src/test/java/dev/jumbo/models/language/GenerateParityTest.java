package dev.jumbo.models.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.models.Gpt2;
import dev.jumbo.models.Llama3;
import dev.jumbo.models.PublicModel;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.generate.Beams;
import dev.jumbo.nn.generate.CausalNetwork;
import dev.jumbo.nn.generate.Finish;
import dev.jumbo.nn.generate.Generated;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.nn.generate.Generator;
import dev.jumbo.nn.generate.Sampling;
import dev.jumbo.nn.weights.Missing;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.RandomState;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers against those of transformers' {@code generate}, which make_generation_fixtures.py wrote. */
class GenerateParityTest {
    static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(GenerateParityTest.class.getResource("/generation/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Model model(String name) {
        PublicModel described = name.equals("gpt2")
                ? new Gpt2(61, 40, 24, 2, 4, 0.1)
                : new Llama3(61, 40, 24, 32, 2, 4, 2, null, 10000, null, 1e-5, false, false, false);
        Weights weights =
                new Weights(TensorSource.open(file(name + ".safetensors")), described.publicNames(), Missing.none());
        return Model.build(
                described.layer(), described.input(), FirstValues.loaded(weights), ParameterGroups.none(), Device.CPU);
    }

    static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).intValue();
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void greedy_and_beam_search_give_the_tokens_and_scores_of_transformers(String name) throws IOException {
        JsonNode fixture = new ObjectMapper().readTree(file(name + ".json").toFile());
        try (CausalNetwork network = CausalNetwork.of(model(name), 40)) {
            compare(name, new Generator(network), fixture.path("prompts"), fixture.path("cases"));
        }
    }

    /** As transformers answers without its cache; with it, it keeps all steps for a window of 1, since {@code keys[-1 + 1:]} are all of them. */
    @Test
    void a_window_of_one_step_sees_the_last_token_alone_over_a_cache_too() {
        Mistral mistral = new Mistral(50, 16, 32, 2, 2, 1, null, HiddenAct.SILU, 64, 1e-6, 10000, null, 1, 0, false);
        Model model = Model.build(
                mistral.layer(),
                mistral.input(),
                FirstValues.drawn(RandomState.of(3)),
                ParameterGroups.none(),
                Device.CPU);
        try (CausalNetwork network = CausalNetwork.of(model, 64)) {
            Generator generator = new Generator(network);
            GenerationConfig config = GenerationConfig.greedy(10);
            assertThat(generator
                            .generateAll(new int[] {3, 7, 11, 2, 9}, config)
                            .get(0)
                            .ids())
                    .isEqualTo(
                            generator.generateAll(new int[] {9}, config).get(0).ids());
        }
    }

    /** @param prompts that each case answers @param cases a configuration, with the tokens and scores of transformers */
    static void compare(String name, Generator generator, JsonNode prompts, JsonNode cases) {
        for (JsonNode each : cases) {
            GenerationConfig config = config(each.path("config"));
            for (int p = 0; p < prompts.size(); p++) {
                JsonNode expected = each.path("answers").get(p);
                String what = name + " prompt " + p + " " + each.path("config");
                List<Generated> answers = generator.generateAll(ints(prompts.get(p)), config);
                List<int[]> tokens = new ArrayList<>();
                expected.path("tokens").forEach(row -> tokens.add(ints(row)));
                assertThat(answers).as(what).hasSize(tokens.size());
                for (int i = 0; i < answers.size(); i++) {
                    Generated answer = answers.get(i);
                    int[] theirs = tokens.get(i);
                    boolean ended = Objects.requireNonNull(config.eosTokenIds()).contains(theirs[theirs.length - 1]);
                    assertThat(answer.ids())
                            .as(what)
                            .isEqualTo(ended ? Arrays.copyOf(theirs, theirs.length - 1) : theirs);
                    assertThat(answer.finish()).as(what).isEqualTo(ended ? Finish.STOP : Finish.LENGTH);
                    if (config.beams() != null) {
                        assertThat(answer.score())
                                .as(what)
                                .isCloseTo(expected.path("scores").get(i).doubleValue(), within(2e-4));
                    }
                }
            }
        }
    }

    private static GenerationConfig config(JsonNode c) {
        @Nullable
        Beams beams = c.has("num_beams")
                ? new Beams(
                        c.path("num_beams").intValue(),
                        c.path("length_penalty").asDouble(1),
                        Beams.EarlyStopping.valueOf(
                                c.path("early_stopping").asText("false").toUpperCase(Locale.ROOT)))
                : null;
        Sampling sampling = Sampling.greedy()
                .penalties(c.path("repetition_penalty").asDouble(1), 0, 0)
                .noRepeatNgramSize(c.path("no_repeat_ngram_size").asInt(0));
        List<Integer> ends = IntStream.of(ints(c.path("eos_token_id"))).boxed().toList();
        return new GenerationConfig(
                c.path("max_new_tokens").intValue(),
                c.path("min_new_tokens").asInt(0),
                sampling,
                beams,
                ends,
                List.of(),
                c.path("num_return_sequences").asInt(1),
                null,
                GenerationConfig.AtContextEnd.STOP);
    }
}
