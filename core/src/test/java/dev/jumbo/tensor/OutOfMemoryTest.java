package dev.jumbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.jumbo.error.FailureException;
import org.junit.jupiter.api.Test;

class OutOfMemoryTest {
    @Test
    void recognises_what_libtorch_says_and_how_much_was_asked_for() {
        Throwable refused;
        try (Scope scope = Scope.open()) {
            refused = catchThrowable(() -> Tensor.empty(Shape.of(1L << 50), DType.FLOAT32));
        }
        assertThat(OutOfMemory.in(new FailureException("cannot go on", refused)))
                .hasValueSatisfying(memory -> {
                    assertThat(memory.requested()).isEqualTo(1L << 52);
                    assertThat(memory.held()).isGreaterThan(1 << 20);
                    assertThat(memory.describe()).contains("does not give 4503599.6 GB more", "that has held");
                });
    }

    @Test
    void recognises_other_allocators_and_no_other_errors() {
        assertThat(OutOfMemory.in(new RuntimeException("std::bad_alloc")))
                .hasValueSatisfying(memory -> assertThat(memory.describe()).contains("does not give memory to"));
        assertThat(OutOfMemory.in(new RuntimeException("mat1 and mat2 shapes cannot be multiplied")))
                .isEmpty();
        assertThat(OutOfMemory.in(new RuntimeException((String) null))).isEmpty();
    }
}
