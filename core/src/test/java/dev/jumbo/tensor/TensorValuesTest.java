package dev.jumbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TensorValuesTest {
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void setting_a_transposed_view_writes_row_by_row_of_the_view() {
        Tensor base = Tensor.zeros(Shape.of(2, 3));
        base.transpose(0, 1).set_(new float[] {1, 2, 3, 4, 5, 6});
        assertThat(base.toFloats()).containsExactly(1, 3, 5, 2, 4, 6);
        Tensor ids = Tensor.zeros(Shape.of(2, 3), DType.INT64);
        ids.transpose(0, 1).set_(new long[] {1, 2, 3, 4, 5, 6});
        assertThat(ids.toLongs()).containsExactly(1, 3, 5, 2, 4, 6);
    }

    @Test
    void setting_a_part_leaves_the_rest() {
        Tensor base = Tensor.zeros(Shape.of(3, 2));
        base.narrow(1, 1, 1).set_(new float[] {7, 8, 9});
        base.narrow(0, 2, 1).set_(new float[] {1, 2});
        assertThat(base.toFloats()).containsExactly(0, 7, 0, 8, 1, 2);
    }

    @Test
    void setting_a_leaf_that_needs_a_gradient_is_allowed_through_a_view_too() {
        Tensor leaf = Tensor.zeros(Shape.of(2, 2)).requiresGrad(true);
        leaf.detach().transpose(0, 1).set_(new float[] {1, 2, 3, 4});
        assertThat(leaf.toFloats()).containsExactly(1, 3, 2, 4);
    }

    @Test
    void tensors_without_elements_have_values_and_a_text() {
        assertThat(Tensor.of(new float[0], Shape.of(0)).toFloats()).isEmpty();
        assertThat(Tensor.of(new long[0], Shape.of(0, 2)).toLongs()).isEmpty();
        assertThat(Tensor.of(new double[0], Shape.of(2, 0)).toDoubles()).isEmpty();
        assertThat(Tensor.of(new float[0], Shape.of(2, 0))).hasToString("Tensor[FLOAT32 [2, 0] []]");
        assertThat(Tensor.zeros(Shape.of(0)).set_(new float[3]).elements()).isZero();
    }

    @Test
    void values_of_another_type_are_refused() {
        assertThatThrownBy(() -> Tensor.zeros(Shape.of(2), DType.INT64).set_(new float[2]))
                .isInstanceOf(InputException.class)
                .hasMessage("expected values for a tensor of INT64, received those of FLOAT32");
    }

    @Test
    void a_freed_tensor_says_how_it_would_have_lived() {
        Tensor freed;
        try (Scope inner = Scope.open()) {
            freed = Tensor.zeros(Shape.of(2));
        }
        assertThatThrownBy(() -> freed.add(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("scope.keep(tensor) or tensor.retain()");
    }
}
