package dev.jumbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomStateTest {
    @Test
    void derives_the_same_numbers_from_the_same_path_in_any_order() {
        RandomState root = RandomState.of(42);
        long first = root.derive("init").derive("layers.0.weight").seed();
        root.derive("data").derive(7).generator().nextLong();
        assertThat(RandomState.of(42).derive("init").derive("layers.0.weight").seed())
                .isEqualTo(first);
    }

    @Test
    void derives_different_seeds_for_different_names_numbers_and_roots() {
        Set<Long> seeds = new HashSet<>();
        for (long root = 0; root < 20; root++) {
            for (long i = 0; i < 500; i++) {
                seeds.add(RandomState.of(root).derive(i).seed());
                seeds.add(RandomState.of(root).derive("n" + i).seed());
            }
        }
        assertThat(seeds).hasSize(20 * 500 * 2);
    }

    @Test
    void seeds_the_generator_of_libtorch() {
        try (Scope scope = Scope.open()) {
            RandomState.of(1).seedTorch();
            float[] first = Tensor.randn(Shape.of(8)).toFloats();
            float[] second = Tensor.randn(Shape.of(8)).toFloats();
            RandomState.of(1).seedTorch();
            assertThat(Tensor.randn(Shape.of(8)).toFloats()).isEqualTo(first).isNotEqualTo(second);
        }
    }
}
