package dev.jumbo.nn.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Cache;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Encoder;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.nn.layers.basic.TiedEmbedding;
import dev.jumbo.nn.layers.encoder.SinusoidalPositions;
import dev.jumbo.nn.layers.sequence.TransformerDecoderBlock;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Properties of answers to sources; that they are those of transformers, the tests of models compare. */
class EncoderDecoderNetworkTest {
    private static final int WORDS = 29;
    private static final int CONTEXT = 12;

    static Model model() {
        Layer layer = Graph.of(g -> {
            String source = g.input("source");
            String said = g.input("said");
            String memory = g.add(
                    "encoder",
                    new Encoder(
                            List.of(
                                    Layers.embedding(WORDS, 16),
                                    new SinusoidalPositions(4),
                                    Layers.encoderBlock(2, 24, 0.1),
                                    Layers.layerNorm()),
                            List.of()),
                    source);
            String target = g.add(
                    "target",
                    Sequential.of(
                            new TiedEmbedding(WORDS, 16, "encoder.layers.0.weight", null), new SinusoidalPositions(4)),
                    said);
            String decoded = target;
            for (String name : List.of("decoder1", "decoder2")) {
                decoded = g.add(
                        name,
                        new TransformerDecoderBlock(2, 24, 0.1, Activation.RELU, true, Map.of()),
                        List.of(decoded),
                        Map.of(Masks.MEMORY, memory));
            }
            g.output(g.add(
                    "logits",
                    Sequential.of(Layers.layerNorm(), new TiedDense(WORDS, "encoder.layers.0.weight", false, 6)),
                    decoded));
        });
        Specs inputs = Specs.of(Map.of("source", Spec.ids(CONTEXT).varying(0)))
                .with("said", Spec.ids(CONTEXT).varying(0));
        return Model.build(layer, inputs, RandomState.of(7));
    }

    private static Tensor ids(int... ids) {
        long[] row = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            row[i] = ids[i];
        }
        return Tensor.of(row, Shape.of(1, ids.length));
    }

    @Test
    void steps_over_a_cache_give_the_logits_of_the_whole_pass() {
        int[] source = {4, 9, 2, 17};
        int[] said = {1, 5, 8, 22, 3};
        try (Model model = model();
                Scope scope = Scope.open();
                Autograd off = Autograd.noGrad();
                EncoderDecoderNetwork network = EncoderDecoderNetwork.of(model(), 1);
                TokenNetwork.Session session = network.open(source)) {
            float[] whole = model.forward(
                            Tensors.of(Map.of("source", ids(source))).with("said", ids(said)), Pass.inference())
                    .main()
                    .toFloats();
            for (int t = 0; t < said.length; t++) {
                float[] step = session.next(new int[][] {{said[t]}})[0];
                for (int v = 0; v < WORDS; v++) {
                    assertThat(step[v]).isCloseTo(whole[t * WORDS + v], within(2e-5f));
                }
            }
            assertThat(session.length()).isEqualTo(said.length);
        }
    }

    @Test
    void one_beam_says_what_greedy_says_and_more_beams_find_nothing_less_probable() {
        int[] source = {3, 14, 15, 9, 26};
        try (EncoderDecoderNetwork network = EncoderDecoderNetwork.of(model(), 1)) {
            Generator generator = new Generator(network);
            Generated greedy = generator.generate(source, GenerationConfig.greedy(8));
            Generated one = generator.generate(source, GenerationConfig.of(8, Beams.of(1)));
            assertThat(one.ids()).isEqualTo(greedy.ids());
            assertThat(generator
                            .generate(source, GenerationConfig.of(8, Beams.of(6)))
                            .score())
                    .isGreaterThanOrEqualTo(one.score());
            // The decoder has room for its first token and eleven more.
            assertThat(generator.generate(source, GenerationConfig.greedy(50)).finish())
                    .isEqualTo(Finish.CONTEXT);
        }
    }

    @Test
    void what_is_no_source_is_refused() {
        try (EncoderDecoderNetwork network = EncoderDecoderNetwork.of(model(), 1)) {
            assertThatThrownBy(() -> network.open(new int[0]))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected a source of 1 to 12 tokens");
            assertThatThrownBy(() -> network.open(new int[13])).hasMessageContaining("received 13; shorten it");
        }
        try (Model model = model()) {
            assertThatThrownBy(() -> EncoderDecoderNetwork.of(model, WORDS))
                    .hasMessageContaining("decoder_start_token_id: expected a token from 0 to 28");
        }
    }

    @Test
    void a_cache_is_of_one_source() {
        try (Model model = model();
                Scope scope = Scope.open();
                Cache cache = new Cache()) {
            Pass pass = Pass.inference().with(cache);
            model.forward(Tensors.of(Map.of("source", ids(1, 2, 3))).with("said", ids(1)), pass);
            Tensor two = Tensor.cat(List.of(ids(1), ids(1)), 0);
            assertThatThrownBy(() -> model.forward(
                            Tensors.of(Map.of("source", ids(1, 2, 3))).with("said", two), pass))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("sequences");
        }
    }
}
