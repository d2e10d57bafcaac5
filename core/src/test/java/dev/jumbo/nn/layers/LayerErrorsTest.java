package dev.jumbo.nn.layers;

import static dev.jumbo.nn.Activation.LINEAR;
import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.add;
import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.concatenate;
import static dev.jumbo.nn.layers.Layers.conv1d;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.embedding;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.globalAvgPool;
import static dev.jumbo.nn.layers.Layers.groupNorm;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static dev.jumbo.nn.layers.Layers.permute;
import static dev.jumbo.nn.layers.Layers.reshape;
import static dev.jumbo.nn.layers.Layers.residual;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.basic.BatchNorm;
import dev.jumbo.nn.layers.basic.Dropout;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.Softmax;
import dev.jumbo.nn.layers.conv.Conv1d;
import dev.jumbo.nn.layers.conv.Conv2dTranspose;
import dev.jumbo.nn.layers.conv.MaxPool2d;
import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.nn.layers.conv.Size2d;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LayerErrorsTest {
    private static void assertShapeError(Layer layer, Shape input, String message) {
        assertThatThrownBy(() -> layer.outputShape(input))
                .isInstanceOf(ShapeException.class)
                .hasMessage(message);
    }

    private static void assertMistake(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(InputException.class).hasMessage(message);
    }

    @Test
    void a_shape_that_does_not_fit_is_told_with_the_path_of_the_layer() {
        assertShapeError(
                Sequential.of(conv2d(4, 3, RELU), flatten(), maxPool2d(2)),
                Shape.of(1, 6, 6),
                "layers.2: expected an image [C, H, W] that is, with its padding, at least [2, 2] long in its last"
                        + " dimensions, received [64]");
        assertShapeError(
                Sequential.of(Sequential.of(dense(4), globalAvgPool())),
                Shape.of(3),
                "layers.0.layers.1: expected [C, L] or [C, H, W], received [4]");
    }

    @Test
    void each_layer_says_what_it_expects() {
        assertShapeError(
                conv1d(4, 5, LINEAR),
                Shape.of(2, 4),
                "expected a sequence [C, L] that is, with its padding, at least [5] long in its last dimension,"
                        + " received [2, 4]");
        assertShapeError(
                conv2d(4, 3).withPadding(Padding.of(1)),
                Shape.of(0, 8, 8),
                "expected an image [C, H, W] that is, with its padding, at least [3, 3] long in its last dimensions,"
                        + " received [0, 8, 8]");
        assertShapeError(batchNorm(), Shape.of(), "expected [C], [C, L] or [C, H, W], received []");
        assertShapeError(
                groupNorm(3), Shape.of(4, 2), "expected [C, ...] with C a multiple of 3 groups, received [4, 2]");
        assertShapeError(reshape(2, -1), Shape.of(5), "expected a multiple of 2 values for [2, -1], received [5]");
        assertShapeError(reshape(2, 2), Shape.of(5), "expected 4 values for [2, 2], received [5]");
        assertShapeError(permute(2, 1), Shape.of(5), "expected 2 dimensions, received [5]");
        assertShapeError(new Softmax(2), Shape.of(5), "expected an input with the dimension 2, received [5]");
        assertShapeError(dense(3), Shape.of(), "expected [..., in], received []");
    }

    @Test
    void a_residual_whose_layers_change_the_shape_asks_for_a_projection() {
        assertShapeError(
                residual(dense(4)),
                Shape.of(3),
                "expected the shape that the layers give, [4], as input (or a projection to it), received [3]");
        assertShapeError(
                new Residual(List.of(dense(4)), dense(5), LINEAR),
                Shape.of(3),
                "projection: expected the shape that the layers give, [4], received [5]");
    }

    @Test
    void merging_layers_take_several_inputs_that_fit() {
        assertShapeError(add(), Shape.of(3), "expected two or more inputs (use a graph), received [3]");
        assertThatThrownBy(() -> add().outputs(Specs.of(List.of(Shape.of(3), Shape.of(4)))))
                .isInstanceOf(ShapeException.class)
                .hasMessage("expected inputs of one shape, received [[3], [4]]");
        assertThatThrownBy(() -> concatenate().outputs(Specs.of(List.of(Shape.of(3, 2), Shape.of(4, 3)))))
                .isInstanceOf(ShapeException.class)
                .hasMessage("expected inputs that differ in the dimension 1 alone, received [[3, 2], [4, 3]]");
    }

    @Test
    void bad_arguments_are_refused_where_they_are_given() {
        assertMistake(() -> dense(0), "dense: expected 1 or more units, received 0");
        assertMistake(() -> conv2d(0, 3), "conv2d: expected 1 or more filters, received 0");
        assertMistake(() -> conv2d(4, 0), "conv2d: expected a kernel of 1 or more, received [0, 0]");
        assertMistake(() -> conv2d(4, 3).withStride(0), "conv2d: expected a stride of 1 or more, received [0, 0]");
        assertMistake(() -> Size2d.of(-1), "expected sizes of 0 or more, received [-1, -1]");
        assertMistake(() -> groupNorm(0), "group_norm: expected 1 or more groups, received 0");
        assertMistake(() -> new BatchNorm(1.5, 1e-5), "batch_norm: expected a momentum from 0 to 1, received 1.5");
        assertMistake(() -> new Dropout(1), "dropout: expected a rate from 0 to below 1, received 1.0");
        assertMistake(() -> Sequential.of(), "sequential: expected one or more layers, received none");
        assertMistake(
                () -> reshape(-1, -1),
                "reshape: expected sizes of 1 or more, at most one of them -1, received [-1, -1]");
        assertMistake(() -> permute(1, 3), "permute: expected each of [1, 2] once, received [1, 3]");
        assertMistake(
                () -> new Embedding(5, 2, 5, Initializers.zeros()),
                "embedding: expected a padding_idx from 0 to 4, received 5");
        assertMistake(
                () -> new MaxPool2d(Size2d.of(2), null, Padding.of(2)),
                "max_pool2d: expected a padding of at most half of the pool size [2, 2], received 2");
        assertMistake(
                () -> new Conv1d(
                        4, 3, LINEAR, 1, Padding.of(1, 2), 1, 1, true, Initializers.zeros(), Initializers.zeros()),
                "conv1d: expected one number or \"same\" as padding, received the pair [1, 2]");
        assertMistake(
                () -> new Conv1d(
                        4, 3, LINEAR, 1, Padding.valid(), 1, 3, true, Initializers.zeros(), Initializers.zeros()),
                "conv1d: expected filters that are a multiple of the groups, received 4 filters, 3 groups");
    }

    @Test
    void an_output_padding_stays_below_the_stride() {
        assertMistake(
                () -> new Conv2dTranspose(
                        4,
                        Size2d.of(3),
                        LINEAR,
                        Size2d.of(2),
                        Padding.valid(),
                        Size2d.of(2),
                        Size2d.of(1),
                        1,
                        true,
                        Initializers.zeros(),
                        Initializers.zeros()),
                "conv2d_transpose: expected an output padding below the stride or the dilation, received 2");
    }

    @Test
    void an_id_outside_the_vocabulary_is_told_with_the_path_of_the_embedding() {
        try (Scope scope = Scope.open();
                Model model = Model.build(Sequential.of(embedding(5, 2)), Shape.of(3), RandomState.of(1))) {
            assertMistake(
                    () -> model.forward(Tensor.of(new long[] {0, 5, 1}, Shape.of(1, 3)), Pass.inference()),
                    "layers.0: expected ids from 0 to 4, received 5");
            assertMistake(
                    () -> model.forward(Tensor.of(new long[] {0, -1, 1}, Shape.of(1, 3)), Pass.inference()),
                    "layers.0: expected ids from 0 to 4, received -1");
        }
    }

    @Test
    void a_batch_of_one_value_for_each_channel_cannot_be_normalised_in_training() {
        try (Scope scope = Scope.open();
                Model model = Model.build(Sequential.of(batchNorm()), Shape.of(3), RandomState.of(1))) {
            Tensor x = Tensor.zeros(Shape.of(1, 3));
            model.forward(x, Pass.inference());
            assertMistake(
                    () -> model.forward(x, Pass.forTraining()),
                    "layers.0: expected more than one value for each channel in training (drop_last: true leaves out a short last batch),"
                            + " received [1, 3]");
        }
    }
}
