package dev.jumbo.benchmarks;

import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.function.Supplier;

/** The fastest product of two 2048 x 2048 matrices seen: by BLAS, and as the 1x1 convolution that dense layers use. */
final class MatrixPeak {
    private static final int SIZE = 2048;
    private static final double GFLOP = 2.0 * SIZE * SIZE * SIZE / 1e9;

    private MatrixPeak() {}

    /** In fp32. */
    static double gflops(int repeats) {
        return gflops(repeats, DType.FLOAT32);
    }

    static double gflops(int repeats, DType type) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Tensor a = Tensor.randn(Shape.of(SIZE, SIZE)).to(type);
            Tensor b = Tensor.randn(Shape.of(SIZE, SIZE)).to(type);
            return Math.max(best(() -> a.matmul(b), repeats), best(() -> Functional.linear(a, b, null), repeats));
        }
    }

    private static double best(Supplier<Tensor> product, int repeats) {
        double best = 0;
        for (int i = 0; i <= repeats; i++) {
            try (Scope scope = Scope.open()) {
                long start = System.nanoTime();
                product.get().close();
                best = Math.max(best, GFLOP / ((System.nanoTime() - start) / 1e9));
            }
        }
        return best;
    }
}
