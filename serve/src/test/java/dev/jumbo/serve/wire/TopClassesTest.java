package dev.jumbo.serve.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.data.Field;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The classification extension against its document: the n highest values of the tensor of each example, with their index in it. */
class TopClassesTest {
    private static InferAnswer.Output output(Shape shape, List<String> names, int count, float... values) {
        return new InferAnswer.Output(new Field("y", shape, DType.FLOAT32, names), values, false, count);
    }

    /** The example of the published extension. */
    @Test
    void the_highest_values_come_first_with_their_index_and_label() {
        InferAnswer.Output plain = output(Shape.of(4), List.of(), 2, 1, 5, 10, 4);
        assertThat(plain.texts(1)).containsExactly("10.0:2", "5.0:1");
        assertThat(plain.shape(1)).containsExactly(1, 2);
        assertThat(output(Shape.of(4), List.of("a", "pickle", "apple", "b"), 2, 1, 5, 10, 4)
                        .texts(1))
                .containsExactly("10.0:2:apple", "5.0:1:pickle");
    }

    /** Two steps of three classes: index 4 is the second class of the second step. */
    @Test
    void of_a_value_for_each_step_and_class_the_index_counts_through_both() {
        InferAnswer.Output steps =
                output(Shape.of(2, 3), List.of("a", "b", "c"), 2, 0, 3, 1, 2, 9, 0, 7, 0, 0, 0, 0, 8);
        assertThat(steps.texts(2)).containsExactly("9.0:4", "3.0:1", "8.0:5", "7.0:0");
        assertThat(steps.shape(2)).containsExactly(2, 2);
    }
}
