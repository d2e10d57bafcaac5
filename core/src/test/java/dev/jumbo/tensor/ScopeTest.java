package dev.jumbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import org.junit.jupiter.api.Test;

class ScopeTest {
    private static final long MEGABYTE = 1L << 20;
    private static final Shape MEGABYTE_OF_FLOATS = Shape.of(MEGABYTE / 4);

    @Test
    void frees_what_was_made_inside_it() {
        long bytes = NativeMemory.liveBytes();
        int tensors = NativeMemory.liveTensors();
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.zeros(MEGABYTE_OF_FLOATS);
            Tensor y = x.add(1);
            assertThat(y.elements()).isEqualTo(x.elements());
            assertThat(NativeMemory.liveBytes() - bytes).isEqualTo(2 * MEGABYTE);
        }
        assertThat(NativeMemory.liveBytes()).isEqualTo(bytes);
        assertThat(NativeMemory.liveTensors()).isEqualTo(tensors);
    }

    @Test
    void counts_views_of_one_storage_once() {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.zeros(MEGABYTE_OF_FLOATS);
            long bytes = NativeMemory.liveBytes();
            x.view(1024, 256).narrow(0, 3, 5).transpose(0, 1);
            assertThat(NativeMemory.liveBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void hands_a_kept_tensor_to_the_scope_outside() {
        try (Scope outer = Scope.open()) {
            Tensor kept;
            try (Scope inner = Scope.open()) {
                kept = inner.keep(Tensor.of(new float[] {1, 2, 3}, Shape.of(3)).mul(2));
            }
            assertThat(kept.toFloats()).containsExactly(2, 4, 6);
            assertThat(NativeMemory.liveTensors()).isPositive();
        }
        assertThat(Scope.isOpen()).isFalse();
    }

    @Test
    void hands_a_tensor_through_several_scopes() {
        long bytes = NativeMemory.liveBytes();
        try (Scope outer = Scope.open()) {
            Tensor kept;
            try (Scope middle = Scope.open()) {
                try (Scope inner = Scope.open()) {
                    kept = middle.keep(inner.keep(Tensor.full(MEGABYTE_OF_FLOATS, 2, DType.FLOAT32)));
                    inner.keep(kept);
                }
            }
            assertThat(kept.sum().item()).isEqualTo(2.0 * MEGABYTE / 4);
        }
        assertThat(NativeMemory.liveBytes()).isEqualTo(bytes);
    }

    @Test
    void retains_a_tensor_of_an_outer_scope_and_one_that_was_handed_over() {
        long bytes = NativeMemory.liveBytes();
        Tensor outside;
        Tensor handed;
        try (Scope outer = Scope.open()) {
            outside = Tensor.full(MEGABYTE_OF_FLOATS, 3, DType.FLOAT32);
            try (Scope inner = Scope.open()) {
                outside.retain();
                handed = inner.keep(Tensor.full(MEGABYTE_OF_FLOATS, 4, DType.FLOAT32));
            }
            handed.retain();
        }
        assertThat(NativeMemory.liveBytes() - bytes).isEqualTo(2 * MEGABYTE);
        try (Scope scope = Scope.open()) {
            assertThat(outside.add(handed).max().item()).isEqualTo(7);
        }
        outside.close();
        handed.close();
        assertThat(NativeMemory.liveBytes()).isEqualTo(bytes);
    }

    @Test
    void lets_a_retained_tensor_live_until_it_is_closed() {
        long bytes = NativeMemory.liveBytes();
        Tensor retained;
        try (Scope scope = Scope.open()) {
            retained = Tensor.full(MEGABYTE_OF_FLOATS, 3, DType.FLOAT32).retain();
        }
        assertThat(NativeMemory.liveBytes() - bytes).isEqualTo(MEGABYTE);
        try (Scope scope = Scope.open()) {
            assertThat(retained.sum().item()).isEqualTo(3.0 * MEGABYTE / 4);
        }
        retained.close();
        retained.close();
        assertThat(NativeMemory.liveBytes()).isEqualTo(bytes);
    }

    @Test
    void frees_on_the_error_path_too() {
        long bytes = NativeMemory.liveBytes();
        assertThatThrownBy(() -> {
                    try (Scope scope = Scope.open()) {
                        Tensor x = Tensor.zeros(MEGABYTE_OF_FLOATS);
                        x.matmul(Tensor.zeros(Shape.of(3, 3)));
                    }
                })
                .isInstanceOf(RuntimeException.class);
        assertThat(NativeMemory.liveBytes()).isEqualTo(bytes);
    }

    @Test
    void refuses_a_tensor_outside_any_scope_and_says_what_to_write() {
        assertThatThrownBy(() -> Tensor.zeros(Shape.of(2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Scope.open()");
    }

    @Test
    void refuses_to_close_out_of_order_or_to_keep_without_an_outer_scope() {
        try (Scope outer = Scope.open()) {
            Tensor x = Tensor.zeros(Shape.of(1));
            assertThatThrownBy(() -> outer.keep(x)).isInstanceOf(IllegalStateException.class);
            try (Scope inner = Scope.open()) {
                assertThatThrownBy(outer::close).isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @Test
    void belongs_to_its_own_thread() throws InterruptedException {
        try (Scope scope = Scope.open()) {
            boolean[] open = {true};
            Thread thread = new Thread(() -> open[0] = Scope.isOpen());
            thread.start();
            thread.join();
            assertThat(open[0]).isFalse();
        }
    }

    @Test
    void carries_gradients_as_the_package_documents() {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, Shape.of(2, 2)).requiresGrad(true);
            x.mul(x).sum().backward();
            assertThat(x.grad().toFloats()).containsExactly(2, 4, 6, 8);
            try (Autograd off = Autograd.noGrad()) {
                assertThat(x.mul(x).gradOrNull()).isNull();
            }
        }
    }

    @Test
    void refuses_values_that_do_not_fill_the_shape() {
        try (Scope scope = Scope.open()) {
            assertThatThrownBy(() -> Tensor.of(new float[5], Shape.of(2, 3)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected 6 values")
                    .hasMessageContaining("received 5");
            assertThatThrownBy(() -> Tensor.zeros(Shape.of(3)).set_(new float[2]))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("received 2");
            assertThatThrownBy(() -> Tensor.zeros(Shape.of(2)).item()).isInstanceOf(InputException.class);
        }
    }
}
