package dev.jumbo.nn.layers.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Embedding;
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
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WeightedSumTest {
    private static final Spec IDS = Spec.ids(3).varying(0);

    private static Specs with(String name, Spec weights) {
        Map<String, Spec> both = new LinkedHashMap<>(Map.of("text", IDS));
        both.put(name, weights);
        return Specs.of(both);
    }

    private static Sequential bag() {
        return Sequential.of(Embedding.of(4, 2), new WeightedSum("text_weights"));
    }

    /** PyTorch 2.13: {@code embedding_bag(ids, table, mode="sum", per_sample_weights=w)} and the gradient of its sum with [[1, 2], [3, 4]]. */
    @Test
    void behind_an_embedding_it_is_pytorchs_embedding_bag() {
        Specs in = with("text_weights", Spec.floats(3).varying(0));
        try (Model model = Model.build(bag(), in, RandomState.of(1));
                Scope scope = Scope.open()) {
            model.load(Map.of("layers.0.weight", Tensor.of(new float[] {0, 0, 1, 2, 3, -1, 0.5f, 4}, Shape.of(4, 2))));
            model.store().prepareTraining(false);
            model.store().zeroGradients();
            Tensors given = Tensors.of(Map.of("text", Tensor.of(new long[] {1, 3, 1, 2, 0, 0}, Shape.of(2, 3))))
                    .with("text_weights", Tensor.of(new float[] {0.5f, -1, 2, 0.25f, 0, 0}, Shape.of(2, 3)));
            Tensor out = model.forward(given, Pass.forTraining()).main();
            assertThat(out.toFloats()).containsExactly(2, 1, 0.75f, -0.25f);
            out.mul(Tensor.of(new float[] {1, 2, 3, 4}, Shape.of(2, 2))).sum().backward();
            Tensor gradient =
                    Objects.requireNonNull(model.store().gradientsByName().get("layers.0.weight"));
            assertThat(gradient.toFloats()).containsExactly(0, 0, 2.5f, 5, 0.75f, 1, -1, -2);
        }
    }

    @Test
    void weights_that_are_missing_or_of_other_steps_are_refused_with_what_there_is() {
        assertThatThrownBy(() -> bag().outputs(with("weights", Spec.floats(3).varying(0))))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("an input named \"text_weights\"")
                .hasMessageContaining("weights]");
        assertThatThrownBy(
                        () -> bag().outputs(with("text_weights", Spec.floats(4).varying(0))))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("one for each step");
        assertThatThrownBy(() -> bag().outputs(with("text_weights", Spec.ids(3).varying(0))))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("numbers");
    }
}
