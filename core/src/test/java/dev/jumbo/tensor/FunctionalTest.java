package dev.jumbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionalTest {
    /** The fast path (a 1x1 convolution) against a product of matrices in double precision, value and gradients. */
    @ParameterizedTest
    @CsvSource({"64, 40, 32", "7, 40, 32", "1, 16, 16", "200, 3, 5", "33, 129, 17"})
    void computes_a_linear_layer_as_a_product_of_matrices_does(int rows, int in, int out) {
        try (Scope scope = Scope.open()) {
            RandomState.of(rows).seedTorch();
            Tensor x = Tensor.randn(Shape.of(rows, in)).requiresGrad(true);
            Tensor weight = Tensor.randn(Shape.of(out, in)).requiresGrad(true);
            Tensor bias = Tensor.randn(Shape.of(out)).requiresGrad(true);
            Tensor direction = Tensor.randn(Shape.of(rows, out));

            Tensor y = Functional.linear(x, weight, bias);
            y.mul(direction).sum().backward();

            Tensor x64 = x.detach().to(DType.FLOAT64);
            Tensor w64 = weight.detach().to(DType.FLOAT64);
            Tensor d64 = direction.to(DType.FLOAT64);
            Tensor expected = x64.matmul(w64.transpose(0, 1)).add(bias.detach().to(DType.FLOAT64));
            assertClose(y, expected);
            assertClose(x.grad(), d64.matmul(w64));
            assertClose(weight.grad(), d64.transpose(0, 1).matmul(x64));
            assertClose(bias.grad(), d64.sum(false, 0));
        }
    }

    @Test
    void keeps_the_leading_dimensions_of_a_linear_layer() {
        try (Scope scope = Scope.open()) {
            Tensor y = Functional.linear(Tensor.ones(Shape.of(2, 5, 24)), Tensor.ones(Shape.of(16, 24)), null);
            assertThat(y.shape()).isEqualTo(Shape.of(2, 5, 16));
            assertThat(y.toFloats()).containsOnly(24f);
        }
    }

    @Test
    void lays_images_out_channels_last_without_changing_their_values() {
        try (Scope scope = Scope.open()) {
            for (int channels : new int[] {1, 3}) {
                Tensor x = Tensor.randn(Shape.of(2, channels, 4, 5));
                Tensor last = Functional.channelsLast(x);
                assertThat(last.shape()).isEqualTo(x.shape());
                assertThat(last.toFloats()).isEqualTo(x.toFloats());
                assertThat(last.permute(0, 2, 3, 1).isContiguous()).isTrue();
            }
        }
    }

    private static void assertClose(Tensor actual, Tensor expected) {
        float[] a = actual.toFloats();
        float[] e = expected.toFloats();
        assertThat(a).hasSameSizeAs(e);
        for (int i = 0; i < a.length; i++) {
            assertThat(a[i]).isCloseTo(e[i], within(1e-4f + 1e-5f * Math.abs(e[i])));
        }
    }
}
