package dev.jumbo.nn.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.config.Records;
import dev.jumbo.config.YamlFile;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import dev.jumbo.nn.layers.sequence.LlamaBlock;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Properties of answers; that they are those of transformers, the tests of models compare. */
class GeneratorTest {
    private static final int WORDS = 31;
    private static final int CONTEXT = 20;

    private static CausalNetwork gpt() {
        Layer layer = Sequential.of(
                Layers.embedding(WORDS, 16),
                Layers.positionalEmbedding(CONTEXT),
                Layers.decoderBlock(2, 32, 0.1),
                Layers.layerNorm(),
                new TiedDense(WORDS, "layers.0.weight"));
        return network(layer, CONTEXT);
    }

    private static CausalNetwork llama(int context) {
        Layer layer = Sequential.of(
                Layers.embedding(WORDS, 16),
                new LlamaBlock(GroupedQueryAttention.of(4, 2, 10000), 24, 1e-5, false, Map.of()),
                Layers.rmsNorm(),
                Layers.dense(WORDS));
        return network(layer, context);
    }

    private static CausalNetwork network(Layer layer, int context) {
        Model model = Model.build(layer, Specs.of(Spec.ids(context).varying(0)), RandomState.of(4));
        try (Scope scope = Scope.open()) {
            // First values are small: every token would be as probable as the others.
            model.store().values().mul_(6);
        }
        return CausalNetwork.of(model, context);
    }

    private static final List<int[]> PROMPTS =
            List.of(new int[] {1}, new int[] {2, 3, 4, 5, 6, 7, 8, 9}, new int[] {30, 3, 30}, new int[] {11, 12});

    @Test
    void an_answer_has_the_same_bits_alone_and_beside_any_others() {
        GenerationConfig sampled = GenerationConfig.of(9, Sampling.of(1.1, 7).topK(12))
                .numReturnSequences(2)
                .logprobs(3);
        GenerationConfig beams = GenerationConfig.of(9, Beams.of(3)).eos(5);
        try (CausalNetwork network = gpt()) {
            Generator generator = new Generator(network);
            for (GenerationConfig config : List.of(GenerationConfig.greedy(9).logprobs(2), sampled, beams)) {
                List<List<Generated>> together = generator.generateBatch(PROMPTS, config);
                for (int i = 0; i < PROMPTS.size(); i++) {
                    assertThat(generator.generateAll(PROMPTS.get(i), config)).isEqualTo(together.get(i));
                }
                List<int[]> reversed = new ArrayList<>(PROMPTS);
                Collections.reverse(reversed);
                assertThat(generator.generateBatch(reversed, config).get(0)).isEqualTo(together.get(3));
            }
        }
    }

    @Test
    void greedy_with_a_cache_takes_what_the_whole_sequence_makes_most_probable() {
        for (CausalNetwork each : List.of(gpt(), llama(CONTEXT))) {
            try (CausalNetwork network = each) {
                int[] prompt = {4, 8, 15};
                int[] ids = new Generator(network)
                        .generate(prompt, GenerationConfig.greedy(17))
                        .ids();
                assertThat(ids).hasSize(17);
                for (int i = 0; i < ids.length; i++) {
                    int[] prefix = Arrays.copyOf(prompt, 3 + i);
                    System.arraycopy(ids, 0, prefix, 3, i);
                    try (TokenNetwork.Session whole = network.open(prefix)) {
                        assertThat(Logits.argmax(whole.next(new int[][] {prefix})[0]))
                                .isEqualTo(ids[i]);
                    }
                }
            }
        }
    }

    @Test
    void log_probabilities_are_those_of_a_pass_over_the_whole_answer() {
        Layer layer = Sequential.of(
                Layers.embedding(WORDS, 16),
                new LlamaBlock(GroupedQueryAttention.of(4, 2, 10000), 24, 1e-5, false, Map.of()),
                Layers.dense(WORDS));
        try (Scope scope = Scope.open();
                Model model = Model.build(layer, Specs.of(Spec.ids(CONTEXT).varying(0)), RandomState.of(4))) {
            Generated answer = new Generator(CausalNetwork.over(model))
                    .generate(
                            new int[] {3, 4},
                            GenerationConfig.of(8, Sampling.of(2, 1).topK(9)).logprobs(4));
            long[] all = new long[10];
            all[0] = 3;
            all[1] = 4;
            for (int i = 0; i < 8; i++) {
                all[i + 2] = answer.ids()[i];
            }
            Tensor logs = Functional.logSoftmax(model.forward(Tensor.of(all, Shape.of(1, 10)), Pass.inference()), 2);
            float[] values = logs.toFloats();
            for (int i = 0; i < 8; i++) {
                GeneratedToken token = answer.tokens().get(i);
                assertThat(token.logprob()).isCloseTo((double) values[(i + 1) * WORDS + token.id()], within(1e-5));
                float[] row = Arrays.copyOfRange(values, (i + 1) * WORDS, (i + 2) * WORDS);
                Arrays.sort(row);
                for (int k = 0; k < 4; k++) {
                    assertThat(token.top().get(k).logprob()).isCloseTo((double) row[WORDS - 1 - k], within(1e-5));
                }
            }
        }
    }

    @Test
    void other_seeds_and_places_among_several_answers_draw_other_tokens_and_the_same_ones_the_same() {
        try (CausalNetwork network = gpt()) {
            Generator generator = new Generator(network);
            GenerationConfig one = GenerationConfig.of(12, Sampling.of(1.5, 1)).numReturnSequences(3);
            List<Generated> first = generator.generateAll(PROMPTS.get(1), one);
            assertThat(generator.generateAll(PROMPTS.get(1), one)).isEqualTo(first);
            assertThat(first.stream().map(g -> Arrays.toString(g.ids())).distinct())
                    .hasSize(3);
            GenerationConfig other = GenerationConfig.of(12, Sampling.of(1.5, 2));
            assertThat(generator.generate(PROMPTS.get(1), other)).isNotEqualTo(first.get(0));
        }
    }

    @Test
    void a_prompt_that_is_empty_too_long_or_of_another_vocabulary_is_refused_before_any_is_computed() {
        try (CausalNetwork network = gpt()) {
            Generator generator = new Generator(network);
            GenerationConfig config = GenerationConfig.greedy(3);
            assertThatThrownBy(() -> generator.generate(new int[CONTEXT + 1], config))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("at most 20 tokens, the model's context, received 21");
            assertThatThrownBy(() -> generator.generateBatch(List.of(new int[] {1}, new int[0]), config))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("received none");
            assertThatThrownBy(() -> generator.generate(new int[] {1, WORDS}, config))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("from 0 to 30");
        }
    }

    @Test
    void at_the_end_of_the_context_an_answer_ends_or_goes_on_with_the_newer_half() {
        try (CausalNetwork network = gpt()) {
            Generator generator = new Generator(network);
            GenerationConfig config = GenerationConfig.greedy(50);
            Generated ended = generator.generate(new int[] {1, 2, 3}, config);
            // The last token of the context is followed by one more, which nothing needs to read.
            assertThat(ended.tokens()).hasSize(CONTEXT - 3 + 1);
            assertThat(ended.finish()).isEqualTo(Finish.CONTEXT);
            Generated rolled =
                    generator.generate(new int[] {1, 2, 3}, config.atContextEnd(GenerationConfig.AtContextEnd.ROLL));
            assertThat(rolled.finish()).isEqualTo(Finish.LENGTH);
            assertThat(Arrays.copyOf(rolled.ids(), 18)).isEqualTo(ended.ids());
            // What follows is what the newer half of the context alone gives.
            int[] half = Arrays.copyOfRange(rolled.ids(), 8, 18);
            assertThat(generator.generate(half, GenerationConfig.greedy(5)).ids())
                    .isEqualTo(Arrays.copyOfRange(rolled.ids(), 18, 23));
        }
    }

    @Test
    void tokens_come_one_by_one_and_a_stream_that_is_left_frees_what_it_kept() {
        try (CausalNetwork network = gpt()) {
            Generator generator = new Generator(network);
            int[] whole = generator
                    .generate(PROMPTS.get(1), GenerationConfig.greedy(8))
                    .ids();
            long before = NativeMemory.liveBytes();
            try (Stream<GeneratedToken> stream =
                    generator.decode(PROMPTS.get(1), GenerationConfig.greedy(8)).stream()) {
                assertThat(stream.limit(4).mapToInt(GeneratedToken::id).toArray())
                        .isEqualTo(Arrays.copyOf(whole, 4));
            }
            assertThat(NativeMemory.liveBytes()).isLessThanOrEqualTo(before);
            assertThatThrownBy(() -> generator.decode(PROMPTS.get(1), GenerationConfig.of(3, Beams.of(2))))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("leave beams out");
        }
    }

    @Test
    void memory_is_flat_over_thousands_of_tokens() {
        long before;
        try (CausalNetwork network = llama(64)) {
            Generator generator = new Generator(network);
            GenerationConfig config =
                    GenerationConfig.of(2500, Sampling.of(1, 0)).atContextEnd(GenerationConfig.AtContextEnd.ROLL);
            try (Decoding decoding = generator.decode(new int[] {1}, config)) {
                for (int i = 0; i < 200; i++) {
                    decoding.next();
                }
                long early = NativeMemory.liveBytes();
                long most = 0;
                while (decoding.hasNext()) {
                    decoding.next();
                    most = Math.max(most, NativeMemory.liveBytes());
                }
                assertThat(decoding.finish()).isEqualTo(Finish.LENGTH);
                // Of one context: 64 steps of 16 keys and values, in room for at most twice as many.
                assertThat(most - early).isLessThan(64 * 16 * 2 * 2 * 4);
            }
            before = NativeMemory.liveBytes();
            generator.generate(new int[] {1}, GenerationConfig.greedy(9));
            assertThat(NativeMemory.liveBytes()).isEqualTo(before);
        }
    }

    @Test
    void prompts_longer_than_a_chunk_give_what_they_give_at_once() {
        try (CausalNetwork network = llama(600)) {
            int[] prompt = new int[500];
            for (int i = 0; i < prompt.length; i++) {
                prompt[i] = i * 7 % WORDS;
            }
            try (TokenNetwork.Session chunks = network.open(prompt);
                    TokenNetwork.Session single = network.open(prompt)) {
                float[] expected = new float[0];
                for (int id : prompt) {
                    expected = single.next(new int[][] {{id}})[0];
                }
                float[] logits = chunks.next(new int[][] {prompt})[0];
                for (int i = 0; i < WORDS; i++) {
                    assertThat(logits[i]).isCloseTo(expected[i], within(1e-3f));
                }
            }
        }
    }

    private static GenerationConfig read(String yaml) {
        return Records.of().read(GenerationConfig.class, YamlFile.parse("generate.yaml", yaml));
    }

    @Test
    void a_configuration_is_read_from_a_file_with_the_names_of_hugging_face_and_contradictions_are_refused() {
        GenerationConfig read =
                read("max_new_tokens: 40\nsampling: {temperature: 0.7, top_p: 0.9, seed: 3}\nstop: [\"\\n\"]\n");
        assertThat(read)
                .isEqualTo(
                        GenerationConfig.of(40, Sampling.of(0.7, 3).topP(0.9)).stop(List.of("\n")));
        GenerationConfig beams = read("beams: {num_beams: 4, early_stopping: true}");
        assertThat(beams.beams()).isEqualTo(new Beams(4, 1, Beams.EarlyStopping.TRUE));
        assertThatThrownBy(() -> GenerationConfig.greedy(4).numReturnSequences(2))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("always the same");
        assertThatThrownBy(() -> GenerationConfig.greedy(4).eos(2, -1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("eos_token_ids: expected tokens of 0 or more, received [2, -1]");
        assertThatThrownBy(() -> Sampling.of(1, 0).topP(0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("sampling.top_p: expected above 0, up to 1, received 0.0");
    }
}
