package dev.jumbo.nn.layers.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Cache;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Documents that share a row are computed as if each had a row of its own. */
class DocumentMaskTest {
    private static final int VOCABULARY = 11;

    static Stream<Layer> models() {
        return Stream.of(
                Sequential.of(
                        Layers.embedding(VOCABULARY, 8),
                        new LlamaBlock(GroupedQueryAttention.of(4, 2, 10000), 16, 1e-5, false, Map.of()),
                        new LlamaBlock(GroupedQueryAttention.of(4, 2, 10000), 16, 1e-5, false, Map.of()),
                        Layers.dense(VOCABULARY)),
                Sequential.of(
                        Layers.embedding(VOCABULARY, 8),
                        Layers.positionalEmbedding(12),
                        new TransformerBlock(2, 16, true, 0.0, Activation.RELU, true),
                        new TransformerBlock(2, 16, true, 0.0, Activation.RELU, true),
                        Layers.dense(VOCABULARY)));
    }

    private static Specs specs(int steps) {
        Map<String, Spec> all = new LinkedHashMap<>();
        all.put("tokens", Spec.ids(steps).varying(0));
        all.put("positions", Spec.ids(steps).varying(0));
        all.put("documents", Spec.ids(steps).varying(0));
        return Specs.of(all);
    }

    private static Tensors given(long[] tokens, long[] positions, long[] documents) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        Shape shape = Shape.of(1, tokens.length);
        all.put("tokens", Tensor.of(tokens, shape));
        all.put("positions", Tensor.of(positions, shape));
        all.put("documents", Tensor.of(documents, shape));
        return Tensors.of(all);
    }

    @ParameterizedTest
    @MethodSource("models")
    void packed_documents_give_the_logits_that_each_gives_alone(Layer layer) {
        try (Model model = Model.build(layer, specs(12), RandomState.of(7));
                Scope scope = Scope.open()) {
            float[] packed = model.forward(
                            given(
                                    new long[] {1, 2, 3, 4, 5, 6, 7, 8, 9},
                                    new long[] {0, 1, 2, 0, 1, 2, 3, 0, 1},
                                    new long[] {5, 5, 5, 0, 0, 0, 0, 2, 2}),
                            Pass.inference())
                    .main()
                    .toFloats();
            int at = 0;
            for (long[] document : new long[][] {{1, 2, 3}, {4, 5, 6, 7}, {8, 9}}) {
                long[] positions = new long[document.length];
                for (int i = 0; i < positions.length; i++) {
                    positions[i] = i;
                }
                float[] alone = model.forward(given(document, positions, new long[document.length]), Pass.inference())
                        .main()
                        .toFloats();
                for (float expected : alone) {
                    assertThat(packed[at++]).isCloseTo(expected, within(2e-6f));
                }
            }
            assertThat(at).isEqualTo(packed.length);
        }
    }

    @Test
    void numbers_of_documents_in_another_shape_and_with_a_cache_are_refused() {
        Layer layer = models().findFirst().orElseThrow();
        try (Model model = Model.build(layer, specs(12), RandomState.of(7));
                Scope scope = Scope.open();
                Cache cache = new Cache()) {
            Tensors good = given(new long[] {1, 2}, new long[] {0, 1}, new long[] {0, 0});
            assertThatThrownBy(() -> model.forward(good, Pass.inference().with(cache)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("one document in each row");
            Tensors wrong = good.with("documents", Tensor.of(new long[] {0, 0, 1}, Shape.of(1, 3)));
            assertThatThrownBy(() -> model.forward(wrong, Pass.inference())).isInstanceOf(ShapeException.class);
        }
    }
}
