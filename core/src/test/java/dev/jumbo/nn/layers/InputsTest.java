package dev.jumbo.nn.layers;

import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.conv.Conv1dTranspose;
import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What layers and losses say of inputs that they cannot compute with. */
class InputsTest {
    private static Tensor forward(Layer layer, Shape described, Tensor x) {
        return forward(layer, Specs.of(described), x);
    }

    private static Tensor forward(Layer layer, Specs described, Tensor x) {
        try (Model model = Model.build(layer, described, RandomState.of(1))) {
            return model.forward(x, Pass.inference()).copy();
        }
    }

    @Test
    void a_sequence_of_another_length_is_taken_where_it_was_said_to_vary() {
        try (Scope scope = Scope.open()) {
            Layer steps = Sequential.of(dense(2));
            Specs varying = Specs.of(Spec.floats(5, 3).varying(0));
            assertThat(forward(steps, varying, Tensor.zeros(Shape.of(2, 7, 3))).shape())
                    .isEqualTo(Shape.of(2, 7, 2));
            assertThat(steps.outputs(varying).main().varying()).containsExactly(0);
            assertThatThrownBy(() -> forward(steps, varying, Tensor.zeros(Shape.of(2, 5, 4))))
                    .isInstanceOf(ShapeException.class)
                    .hasMessageContaining("[5*, 3]")
                    .hasMessageContaining("[2, 5, 4]");
            assertThatThrownBy(() -> forward(steps, Shape.of(5, 3), Tensor.zeros(Shape.of(2, 7, 3))))
                    .isInstanceOf(ShapeException.class)
                    .hasMessageContaining("[5, 3]")
                    .hasMessageContaining("[2, 7, 3]");
        }
    }

    @Test
    void a_layer_whose_parameters_have_the_length_refuses_one_that_varies() {
        Specs varying = Specs.of(Spec.floats(5, 3).varying(0));
        assertThatThrownBy(() -> Sequential.of(flatten(), dense(2)).outputs(varying))
                .isInstanceOf(ShapeException.class)
                .hasMessage("layers.1: expected a fixed size in the dimension 0, which its parameters have, received"
                        + " [15*]");
    }

    @Test
    void a_layer_that_mixes_steps_and_knows_no_mask_refuses_padding() {
        Specs padded =
                Specs.of(Spec.floats(5, 3).varying(0)).with("mask", new Spec(Shape.of(5), DType.BOOL, List.of(0)));
        assertThat(Sequential.of(dense(2)).outputs(padded).main().shape()).isEqualTo(Shape.of(5, 2));
        assertThatThrownBy(() ->
                        Sequential.of(dense(2), Layers.maxPool1d(2), dense(1)).outputs(padded))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("layers.1: expected sequences without padding");
    }

    @Test
    void a_mask_has_as_many_steps_as_what_it_is_of() {
        Specs padded =
                Specs.of(Spec.floats(5, 3).varying(0)).with("mask", new Spec(Shape.of(5), DType.BOOL, List.of(0)));
        try (Scope scope = Scope.open();
                Model model = Model.build(Sequential.of(Layers.gru(2)), padded, RandomState.of(1))) {
            Tensors given = Tensors.of(Tensor.zeros(Shape.of(2, 4, 3)))
                    .with("mask", Tensor.ones(Shape.of(2, 3)).to(DType.BOOL));
            assertThatThrownBy(() -> model.forward(given, Pass.inference()))
                    .isInstanceOf(ShapeException.class)
                    .hasMessageContaining("mask: expected a mask of as many steps as [2, 4, 3], received [2, 3]");
        }
    }

    @Test
    void an_input_that_no_layer_reads_is_named() {
        Specs two = Specs.of(Spec.floats(3)).with("age", Spec.floats(1));
        assertThatThrownBy(() -> Model.outputs(Sequential.of(dense(2)), two))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("of which no layer reads [age]");
    }

    @Test
    void ids_need_an_embedding() {
        try (Scope scope = Scope.open()) {
            Tensor ids = Tensor.of(new long[] {1, 2}, Shape.of(1, 2));
            assertThatThrownBy(() -> forward(Sequential.of(dense(2)), Shape.of(2), ids))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("layers.0")
                    .hasMessageContaining("embedding");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1.5, -1, 3, 1e30})
    void an_embedding_names_the_number_that_is_no_id(double id) {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.of(new float[] {1, (float) id}, Shape.of(1, 2));
            assertThatThrownBy(() -> forward(Embedding.of(3, 2), Shape.of(2), x))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected ids from 0 to 2");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MAX_VALUE, -1, 3})
    void embedding_and_cross_entropy_name_the_id_that_is_out_of_range(long id) {
        try (Scope scope = Scope.open()) {
            assertThatThrownBy(() ->
                            forward(Embedding.of(3, 2), Shape.of(2), Tensor.of(new long[] {1, id}, Shape.of(1, 2))))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected ids from 0 to 2");
            // The ignored one is smaller than a wrong one, and does not hide it.
            assertThatThrownBy(() -> Losses.crossEntropy()
                            .of(Tensor.zeros(Shape.of(3, 3)), Tensor.of(new long[] {-100, id, 0}, Shape.of(3))))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected class ids from 0 to 2")
                    .hasMessageContaining(Long.toString(id));
        }
    }

    @Test
    void losses_say_which_targets_they_take() {
        try (Scope scope = Scope.open()) {
            Tensor outputs = Tensor.zeros(Shape.of(2, 3));
            for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 1}) {
                Tensor numbers = Tensor.of(new float[] {0, value}, Shape.of(2));
                assertThatThrownBy(() -> Losses.crossEntropy().of(outputs, numbers))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("class ids INT64");
            }
            assertThatThrownBy(() -> Losses.klDivergence()
                            .of(outputs, Tensor.zeros(Shape.of(2, 3)).to(DType.INT64)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("probabilities");
            assertThatThrownBy(() -> Losses.binaryCrossEntropy()
                            .of(Tensor.zeros(Shape.of(2, 1)), Tensor.of(new float[] {0, 2}, Shape.of(2))))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("from 0 to 1");
        }
    }

    @Test
    void a_batch_of_no_examples_keeps_its_shape() {
        try (Scope scope = Scope.open()) {
            assertThat(forward(flatten(), Shape.of(2, 3), Tensor.zeros(Shape.of(0, 2, 3)))
                            .shape())
                    .isEqualTo(Shape.of(0, 6));
            assertThat(forward(
                                    Sequential.of(flatten(), dense(4)),
                                    Shape.of(2, 3, 3),
                                    Tensor.zeros(Shape.of(0, 2, 3, 3)))
                            .shape())
                    .isEqualTo(Shape.of(0, 4));
        }
    }

    @Test
    void a_transposed_convolution_without_output_is_refused() {
        Layer layer = new Conv1dTranspose(
                2, 3, Activation.LINEAR, 1, Padding.of(3), 0, 1, 1, true, Initializers.zeros(), Initializers.zeros());
        for (int length : new int[] {1, 4}) {
            assertThatThrownBy(() -> layer.outputShape(Shape.of(1, length)))
                    .isInstanceOf(ShapeException.class)
                    .hasMessageContaining("output of 1 or more")
                    .hasMessageContaining("padding");
        }
        assertThat(layer.outputShape(Shape.of(1, 5))).isEqualTo(Shape.of(2, 1));
    }
}
