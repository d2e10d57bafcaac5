package dev.jumbo.tensor;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.dense;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class DrawsTest {
    /** {@code torch.manual_seed(7); torch.randn(4)} and {@code torch.rand(3)} behind it, of PyTorch 2.13. */
    private static final float[] NORMAL = {
        -0.1467950940132141f, 0.7861412763595581f, 0.9468216300010681f, -1.1143440008163452f
    };

    private static final float[] UNIFORM = {0.36531615257263184f, 0.8512683510780334f, 0.8549431562423706f};

    @Test
    void a_seed_gives_the_numbers_of_pytorch() {
        try (Scope scope = Scope.open()) {
            new RandomState(7).seedTorch();
            assertThat(Tensor.randn(Shape.of(4)).toFloats()).containsExactly(NORMAL);
            assertThat(Tensor.zeros(Shape.of(3)).uniform_(0, 1).toFloats()).containsExactly(UNIFORM);
        }
    }

    @Test
    void dropout_drops_what_libtorch_drops_with_the_same_seed() {
        for (boolean channelsLast : new boolean[] {false, true}) {
            try (Scope scope = Scope.open()) {
                Tensor plain = Tensor.randn(Shape.of(3, 5, 4, 2));
                Tensor x = (channelsLast ? Functional.channelsLast(plain) : plain).requiresGrad(true);
                torch.manual_seed(11);
                Tensor expected = Tensor.wrap(torch.dropout(x.handle(), 0.3, true));
                new RandomState(11).seedTorch();
                Tensor received = Functional.dropout(x, 0.3, true);
                assertThat(received.toFloats()).containsExactly(expected.toFloats());
                received.sum().backward();
                assertThat(x.grad().toFloats()).containsOnly(0, 1 / 0.7f);
            }
        }
    }

    @Test
    void operations_that_only_know_libtorchs_generator_draw_from_the_threads_own() {
        try (Scope scope = Scope.open()) {
            Tensor q = Tensor.randn(Shape.of(1, 2, 6, 4));
            Supplier<float[]> attention =
                    () -> Functional.attention(q, q, q, null, 0.5, false, null).toFloats();
            new RandomState(3).seedTorch();
            float[] first = attention.get();
            torch.manual_seed(99);
            float[] second = attention.get();
            new RandomState(3).seedTorch();
            assertThat(attention.get()).containsExactly(first);
            torch.manual_seed(5);
            assertThat(attention.get()).containsExactly(second).isNotEqualTo(first);
        }
    }

    @Test
    void models_built_on_four_threads_at_once_have_the_first_values_of_one_built_alone() throws Exception {
        Callable<String> build = () -> {
            try (Scope scope = Scope.open();
                    Model model = Model.build(
                            Sequential.of(dense(64, RELU), dense(64, RELU), dense(8)),
                            Shape.of(32),
                            RandomState.of(1))) {
                return Checksum.sha256(List.of(model.store().values()));
            }
        };
        String alone = build.call();
        assertThat(onThreads(4, 200, build)).containsOnly(alone);
    }

    @Test
    void what_one_thread_drops_does_not_depend_on_others() throws Exception {
        Callable<String> draw = () -> {
            try (Scope scope = Scope.open()) {
                new RandomState(5).seedTorch();
                Tensor q = Tensor.randn(Shape.of(1, 2, 16, 8));
                Tensor attended = Functional.attention(q, q, q, null, 0.5, true, null);
                return Checksum.sha256(List.of(Functional.dropout(attended, 0.5, true), Tensor.randn(Shape.of(3))));
            }
        };
        String alone = draw.call();
        assertThat(onThreads(4, 200, draw)).containsOnly(alone);
    }

    @Test
    void a_thread_that_seeds_nothing_begins_with_the_default_whatever_another_has_drawn() throws Exception {
        Callable<String> draw = () -> {
            try (Scope scope = Scope.open()) {
                return Checksum.sha256(List.of(Tensor.randn(Shape.of(7))));
            }
        };
        Set<String> seen = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 3; i++) {
            seen.addAll(onThreads(1, 1, draw));
        }
        assertThat(seen).hasSize(1);
    }

    private static Set<String> onThreads(int threads, int calls, Callable<String> call) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<String>> results = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                results.add(pool.submit(call));
            }
            Set<String> all = ConcurrentHashMap.newKeySet();
            for (Future<String> result : results) {
                all.add(result.get());
            }
            return all;
        } finally {
            pool.shutdown();
        }
    }
}
