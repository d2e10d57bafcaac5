package dev.jumbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VacateTest {
    @Test
    void what_autograd_holds_of_a_vacated_tensor_is_there_again_when_it_is_refilled() {
        try (Scope scope = Scope.open()) {
            Tensor flat = Tensor.full(Shape.of(1 << 16), 3, DType.FLOAT32);
            Tensor leaf =
                    flat.narrow(0, 0, 1 << 15).view(1 << 7, 1 << 8).detach().requiresGrad(true);
            Tensor x = Tensor.ones(Shape.of(2, 1 << 8)).requiresGrad(true);
            Tensor y = Functional.linear(x, leaf, null).mul(2).sum();
            long before = NativeMemory.liveBytes();
            flat.vacate();
            assertThat(NativeMemory.liveBytes()).isEqualTo(before - 4 * (1 << 16));
            Tensor other = Tensor.full(Shape.of(1 << 16), 3, DType.FLOAT32);
            flat.refill(other);
            y.backward();
            assertThat(x.grad().toFloats()).containsOnly(6f * (1 << 7));
            assertThat(leaf.grad().toFloats()).containsOnly(4);
            assertThat(leaf.sum().item()).isEqualTo(3f * (1 << 15));
        }
    }
}
