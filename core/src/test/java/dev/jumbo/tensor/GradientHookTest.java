package dev.jumbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientHookTest {
    @Test
    void is_told_of_a_gradient_when_those_before_have_been_added_up() {
        List<Double> firstWhenSecondArrives = new ArrayList<>();
        int before = NativeMemory.liveTensors();
        try (Scope scope = Scope.open()) {
            Tensor first = Tensor.ones(Shape.of(2)).requiresGrad(true);
            Tensor second = Tensor.ones(Shape.of(2)).requiresGrad(true);
            first.gradInto(Tensor.zeros(Shape.of(2)));
            GradientHook hook = GradientHook.listening(
                    () -> firstWhenSecondArrives.add(first.grad().sum().item()));
            second.onGradient(hook);
            // Back-propagation comes to the last factor first.
            second.mul(2).exp().mul(first).sum().backward();
            hook.close();
        }
        assertThat(firstWhenSecondArrives)
                .singleElement()
                .satisfies(sum -> assertThat(sum).isGreaterThan(0));
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
    }

    @Test
    void replaces_a_gradient_of_every_tensor_it_is_on() {
        try (Scope scope = Scope.open();
                GradientHook tenfold = GradientHook.changing(gradient -> gradient.mul(10))) {
            Tensor leaf = Tensor.ones(Shape.of(3)).requiresGrad(true);
            Tensor a = leaf.mul(2);
            Tensor b = a.mul(3);
            a.onGradient(tenfold);
            b.onGradient(tenfold);
            b.sum().backward();
            assertThat(leaf.grad().toFloats()).containsExactly(600, 600, 600);
        }
    }

    /** As autograd's own threads call hooks on a GPU. */
    @Test
    void works_on_a_thread_that_has_no_scope_and_leaves_nothing_there() throws InterruptedException {
        int before = NativeMemory.liveTensors();
        List<Boolean> open = new ArrayList<>();
        try (Scope scope = Scope.open();
                GradientHook told = GradientHook.listening(() -> {
                    open.add(Scope.isOpen());
                    Tensor.ones(Shape.of(1000)).sum();
                });
                GradientHook tenfold =
                        GradientHook.changing(gradient -> gradient.mul(5).add(gradient.mul(5)))) {
            Tensor leaf = Tensor.ones(Shape.of(3)).requiresGrad(true);
            Tensor a = leaf.mul(2);
            Tensor b = a.mul(3);
            a.onGradient(tenfold);
            b.onGradient(told);
            b.onGradient(tenfold);
            Tensor sum = b.sum();
            int alive = NativeMemory.liveTensors();
            Thread foreign = new Thread(() -> {
                sum.backward();
                open.add(Scope.isOpen());
            });
            foreign.start();
            foreign.join();
            assertThat(NativeMemory.liveTensors()).isEqualTo(alive);
            told.rethrow();
            tenfold.rethrow();
            assertThat(open).containsExactly(true, false);
            assertThat(leaf.grad().toFloats()).containsExactly(600, 600, 600);
        }
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
    }

    @Test
    void an_exception_is_thrown_when_back_propagation_is_over() {
        try (Scope scope = Scope.open();
                GradientHook failing = GradientHook.listening(() -> {
                    throw new IllegalArgumentException("of the action");
                })) {
            Tensor leaf = Tensor.ones(Shape.of(3)).requiresGrad(true);
            leaf.onGradient(failing);
            leaf.sum().backward();
            assertThat(leaf.grad().toFloats()).containsExactly(1, 1, 1);
            assertThatThrownBy(failing::rethrow)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("of the action");
            failing.rethrow(); // Once only.
        }
    }
}
