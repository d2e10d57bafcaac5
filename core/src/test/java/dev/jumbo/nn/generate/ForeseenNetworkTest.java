package dev.jumbo.nn.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import dev.jumbo.nn.layers.sequence.LlamaBlock;
import dev.jumbo.nn.layers.sequence.RopeScaling;
import dev.jumbo.nn.layers.sequence.RopeType;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ForeseenNetworkTest {
    private static final int WORDS = 31;
    private static final int CONTEXT = 600;

    private static CausalNetwork network() {
        return network(null);
    }

    private static CausalNetwork network(@Nullable RopeScaling scaling) {
        Model model = Model.build(
                Sequential.of(
                        Layers.embedding(WORDS, 16),
                        new LlamaBlock(
                                new GroupedQueryAttention(
                                        4, 2, null, true, 10000, scaling, 0, false, false, false, 1e-6, Map.of()),
                                24,
                                1e-5,
                                false,
                                Map.of()),
                        Layers.dense(WORDS)),
                Specs.of(Spec.ids(CONTEXT).varying(0)),
                RandomState.of(4));
        try (Scope scope = Scope.open()) {
            // First values are small: every token would be as probable as the others.
            model.store().values().mul_(6);
        }
        return CausalNetwork.of(model, CONTEXT);
    }

    @Test
    void logits_of_one_pass_are_those_behind_each_token() {
        int[] tokens =
                IntStream.range(0, 520).map(i -> (i * i + 3) % WORDS).toArray(); // Longer than what is passed at once.
        try (CausalNetwork network = network()) {
            float[][] logits = network.logits(tokens, 250);
            assertThat(logits).hasDimensions(270, WORDS);
            for (int at : new int[] {250, 255, 256, 300, 519}) {
                int[] prefix = Arrays.copyOf(tokens, at + 1);
                try (TokenNetwork.Session session = network.open(prefix)) {
                    float[] expected = session.next(new int[][] {prefix})[0];
                    for (int i = 0; i < WORDS; i++) {
                        assertThat(logits[at - 250][i]).isCloseTo(expected[i], within(1e-3f));
                    }
                }
            }
        }
    }

    @Test
    void logits_begin_wherever_they_are_wanted() {
        int[] tokens = IntStream.range(0, 520).map(i -> (i * i + 3) % WORDS).toArray();
        try (CausalNetwork network = network()) {
            float[][] all = network.logits(tokens, 0);
            for (int first : new int[] {1, 256, 300, 512, 519}) { // before and behind what is passed at once
                assertThat(network.logits(tokens, first)).isDeepEqualTo(Arrays.copyOfRange(all, first, all.length));
            }
        }
    }

    @Test
    void an_answer_is_the_same_along_what_was_shown_where_it_leaves_it_and_beside_it() {
        int[] prompt = {4, 8, 15};
        List<GenerationConfig> configs = List.of(
                GenerationConfig.greedy(12),
                GenerationConfig.of(12, Sampling.of(1.1, 7).topK(12)),
                GenerationConfig.of(12, Beams.of(3)));
        try (CausalNetwork network = network();
                ForeseenNetwork foreseen = new ForeseenNetwork(network)) {
            int[] answer =
                    new Generator(network).generate(prompt, configs.get(0)).ids();
            int[] along = Arrays.copyOf(prompt, prompt.length + answer.length);
            System.arraycopy(answer, 0, along, prompt.length, answer.length);
            int[] leaves = along.clone();
            leaves[7] = (leaves[7] + 1) % WORDS;
            for (GenerationConfig config : configs) {
                int[] expected = new Generator(network).generate(prompt, config).ids();
                for (int[] shown : List.of(along, leaves, new int[] {1, 2, 3, 4})) {
                    foreseen.show(shown, 2);
                    assertThat(new Generator(foreseen).generate(prompt, config).ids())
                            .isEqualTo(expected);
                }
                foreseen.forget();
                assertThat(new Generator(foreseen).generate(prompt, config).ids())
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void an_answer_is_the_same_where_angles_depend_on_how_long_a_sequence_is() {
        RopeScaling dynamic =
                new RopeScaling(RopeType.DYNAMIC, 4, 1, 4, 4, null, 32, 1, null, null, true, List.of(), List.of());
        int[] prompt = {4, 8, 15, 16, 23};
        GenerationConfig config = GenerationConfig.of(12, Sampling.of(1.1, 7));
        try (CausalNetwork network = network(dynamic);
                ForeseenNetwork foreseen = new ForeseenNetwork(network)) {
            Generated expected = new Generator(network).generate(prompt, config);
            int[] along = Arrays.copyOf(prompt, 300);
            System.arraycopy(expected.ids(), 0, along, prompt.length, expected.ids().length);
            foreseen.show(along, 4);
            try (TokenNetwork.Session shown = foreseen.open(prompt);
                    TokenNetwork.Session direct = network.open(prompt)) {
                assertThat(shown.next(new int[][] {prompt})[0])
                        .containsExactly(direct.next(new int[][] {prompt})[0], within(1e-4f));
            }
            assertThat(new Generator(foreseen).generate(prompt, config).ids()).isEqualTo(expected.ids());
        }
    }
}
