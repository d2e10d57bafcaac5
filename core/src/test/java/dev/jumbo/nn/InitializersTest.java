package dev.jumbo.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.nn.Initializer.Fans;
import dev.jumbo.nn.layers.conv.DepthwiseConv2d;
import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.nn.layers.conv.Size2d;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Moments and limits against the formulas of Keras's and PyTorch's documentation. */
class InitializersTest {
    /** A convolution [out, in, kernel, kernel]: 64 * 9 inputs of one unit, 128 * 9 outputs. */
    private static final Shape KERNEL = Shape.of(128, 64, 3, 3);

    private static final double IN = 576;
    private static final double OUT = 1152;

    /** What a distribution promises. @param limit no value is further from 0 */
    private record Promise(Initializer initializer, double standardDeviation, double limit) {
        static Promise uniform(Initializer initializer, double limit) {
            return new Promise(initializer, limit / Math.sqrt(3), limit);
        }

        static Promise normal(Initializer initializer, double standardDeviation) {
            return new Promise(initializer, standardDeviation, 7 * standardDeviation);
        }

        /** Keras widens the normal distribution so that the deviation remains after it is cut at two of its own. */
        static Promise truncated(Initializer initializer, double standardDeviation) {
            return new Promise(initializer, standardDeviation, 2 * standardDeviation / 0.8796256610342398);
        }
    }

    private static final Map<String, Promise> PROMISES = Map.ofEntries(
            Map.entry("glorot_uniform", Promise.uniform(new Initializers.GlorotUniform(), Math.sqrt(6 / (IN + OUT)))),
            Map.entry("glorot_normal", Promise.truncated(new Initializers.GlorotNormal(), Math.sqrt(2 / (IN + OUT)))),
            Map.entry("he_uniform", Promise.uniform(new Initializers.HeUniform(), Math.sqrt(6 / IN))),
            Map.entry("he_normal", Promise.truncated(new Initializers.HeNormal(), Math.sqrt(2 / IN))),
            Map.entry("lecun_uniform", Promise.uniform(new Initializers.LecunUniform(), Math.sqrt(3 / IN))),
            Map.entry("lecun_normal", Promise.truncated(new Initializers.LecunNormal(), Math.sqrt(1 / IN))),
            Map.entry("random_uniform", Promise.uniform(Initializers.randomUniform(0.05), 0.05)),
            Map.entry("random_normal", Promise.normal(Initializers.randomNormal(0.05), 0.05)),
            Map.entry(
                    "truncated_normal",
                    new Promise(Initializers.truncatedNormal(0.05), 0.05 * 0.8796256610342398, 0.1)),
            Map.entry("kaiming_uniform", Promise.uniform(Initializers.kaimingUniform(), 1 / Math.sqrt(IN))),
            Map.entry("kaiming_normal", Promise.normal(new Initializers.KaimingNormal(0), Math.sqrt(2 / IN))),
            Map.entry(
                    "xavier_uniform",
                    Promise.uniform(new Initializers.XavierUniform(2), 2 * Math.sqrt(6 / (IN + OUT)))),
            Map.entry("xavier_normal", Promise.normal(new Initializers.XavierNormal(1), Math.sqrt(2 / (IN + OUT)))),
            Map.entry("constant", new Promise(Initializers.constant(0.0), 0, 0)));

    @TestFactory
    Stream<DynamicTest> random_values_have_the_moments_and_limits_of_the_formula() {
        return PROMISES.entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(
                        e.getKey() + " has the moments and limits of its formula", () -> check(e.getValue())));
    }

    private static void check(Promise promise) {
        try (Scope scope = Scope.open()) {
            float[] values =
                    filled(promise.initializer(), KERNEL, Fans.of(KERNEL)).toFloats();
            double sum = 0;
            double squares = 0;
            double largest = 0;
            for (float v : values) {
                sum += v;
                squares += (double) v * v;
                largest = Math.max(largest, Math.abs(v));
            }
            double mean = sum / values.length;
            double deviation = Math.sqrt(squares / values.length - mean * mean);
            // 73,728 values: the standard error of the mean is 0.4 % of the deviation, that of the deviation 0.3 %.
            assertThat(mean).isCloseTo(0, within(0.02 * promise.standardDeviation()));
            assertThat(deviation).isCloseTo(promise.standardDeviation(), within(0.02 * promise.standardDeviation()));
            assertThat(largest).isLessThanOrEqualTo(promise.limit() * (1 + 1e-6));
            assertThat(largest).isGreaterThanOrEqualTo(0.5 * promise.limit());
        }
    }

    @Test
    void orthogonal_rows_are_perpendicular_and_as_long_as_the_gain() {
        for (Shape shape : new Shape[] {Shape.of(6, 20), Shape.of(20, 6), Shape.of(4, 2, 3, 3)}) {
            try (Scope scope = Scope.open()) {
                Tensor matrix = filled(new Initializers.Orthogonal(2), shape, Fans.of(shape))
                        .reshape(shape.size(0), -1);
                boolean wide = matrix.size(0) <= matrix.size(1);
                Tensor product = wide
                        ? matrix.matmul(matrix.transpose(0, 1))
                        : matrix.transpose(0, 1).matmul(matrix);
                int n = (int) product.size(0);
                float[] values = product.toFloats();
                for (int i = 0; i < values.length; i++) {
                    assertThat(values[i]).isCloseTo(i % (n + 1) == 0 ? 4f : 0f, within(1e-5f));
                }
            }
        }
    }

    @Test
    void a_bias_borrows_the_fans_of_its_weight_as_in_pytorch() {
        try (Scope scope = Scope.open()) {
            Tensor bias = filled(Initializers.kaimingUniform(), Shape.of(10_000), new Fans(25, 10_000));
            assertThat(bias.abs().max().item()).isLessThanOrEqualTo(0.2).isGreaterThan(0.199);
        }
    }

    /** Keras's {@code compute_fans((3, 3, 4, 2))} is (36, 18), where PyTorch's shape alone would give (9, 72). */
    @Test
    void a_depthwise_kernel_is_scaled_as_in_keras() {
        DepthwiseConv2d layer = new DepthwiseConv2d(
                Size2d.of(3),
                2,
                Activation.LINEAR,
                Size2d.of(1),
                Padding.valid(),
                Size2d.of(1),
                true,
                (p, fans) -> assertThat(fans).isEqualTo(new Fans(36, 18)),
                Initializers.zeros());
        Model.build(layer, Shape.of(4, 5, 5), RandomState.of(1)).close();
    }

    @Test
    void every_kind_has_a_name_of_its_own() {
        assertThat(Initializers.kinds().stream()
                        .map(k -> k.getAnnotation(dev.jumbo.config.Kind.class).value())
                        .distinct())
                .hasSameSizeAs(Initializers.kinds());
    }

    private static Tensor filled(Initializer initializer, Shape shape, Fans fans) {
        Tensor tensor = Tensor.zeros(shape);
        RandomState.of(5).seedTorch();
        initializer.fill(tensor, fans);
        return tensor;
    }
}
