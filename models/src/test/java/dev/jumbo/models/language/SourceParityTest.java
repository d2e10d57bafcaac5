package dev.jumbo.models.language;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.generate.EncoderDecoderNetwork;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.nn.generate.Generator;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers to sources against those of transformers' {@code generate} over T5, which make_source_fixtures.py wrote. */
class SourceParityTest {
    private static EncoderDecoderNetwork network(String name) {
        HuggingFaceModel read = HuggingFace.read(
                GenerateParityTest.file("sources.json").resolveSibling("../hf").resolve(name));
        Map<String, Spec> inputs = new LinkedHashMap<>();
        read.model().inputs().forEach(field -> inputs.put(field.name(), field.spec()));
        Model model = Model.build(
                read.model().layer(),
                Specs.of(inputs),
                FirstValues.loaded(Weights.of(read.weights())),
                ParameterGroups.none(),
                Device.CPU);
        return EncoderDecoderNetwork.of(model, 0);
    }

    private static JsonNode fixture() throws IOException {
        return new ObjectMapper()
                .readTree(GenerateParityTest.file("sources.json").toFile());
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5", "t5_gated"})
    void greedy_and_beam_search_over_an_encoder_and_a_decoder_give_the_tokens_and_scores_of_transformers(String name)
            throws IOException {
        JsonNode fixture = fixture();
        try (EncoderDecoderNetwork network = network(name)) {
            GenerateParityTest.compare(
                    name,
                    new Generator(network),
                    fixture.path("sources"),
                    fixture.path("models").path(name));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5"})
    void an_answer_does_not_depend_on_what_it_is_asked_together_with(String name) throws IOException {
        List<int[]> sources = List.of(new int[] {5, 1}, new int[] {3, 9, 4, 22, 30, 1}, new int[] {17, 1});
        GenerationConfig config = GenerationConfig.greedy(9).logprobs(2);
        try (EncoderDecoderNetwork network = network(name)) {
            Generator generator = new Generator(network);
            List<?> together = generator.generateBatch(sources, config);
            for (int i = sources.size() - 1; i >= 0; i--) {
                assertThat(generator.generateAll(sources.get(i), config)).isEqualTo(together.get(i));
            }
        }
    }
}
