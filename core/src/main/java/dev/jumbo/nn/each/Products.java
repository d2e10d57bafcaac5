package dev.jumbo.nn.each;

import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Gradients;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Of a weight {@code [out, in]} that is multiplied with an input at each of T positions: {@code g_i = sum_t output_it x_it^T}.
 *
 * <p>The norm of one position is {@code |output| |x|} (Goodfellow, 2015); that of several is {@code sum_ts <output_t, output_s>
 * <x_t, x_s>} (Li et al., 2022, section 4), where that is less than to write the gradients out. The weighted sum is one product,
 * as large as that of plain back-propagation (Bu et al., 2023, "book-keeping").
 */
public final class Products implements ExampleGradients {
    private final Tensor output;
    private final Tensor x;
    private final long n;
    private final long positions;
    private final long out;
    private final long in;
    private @Nullable Tensor written;

    private Products(Tensor output, Tensor x) {
        n = x.size(0);
        out = output.size(-1);
        in = x.size(-1);
        positions = n == 0 ? 0 : x.elements() / n / in;
        this.output = Functional.toFloat32(output).reshape(n, positions, out);
        this.x = Functional.toFloat32(x).reshape(n, positions, in);
    }

    /**
     * @param output the gradient of what the product gave, {@code [N, ..., out]}
     * @param x what the weight was multiplied with, {@code [N, ..., in]}
     */
    public static Products of(Tensor output, Tensor x) {
        return new Products(output, x);
    }

    @Override
    public Shape shape() {
        return Shape.of(out, in);
    }

    @Override
    public long examples() {
        return n;
    }

    @Override
    public Tensor squaredNorms() {
        if (positions == 1) {
            return Gradients.squaredNorms(output).mul(Gradients.squaredNorms(x));
        }
        if (positions * (out + in) < out * in) {
            return Pieces.join(n, 2 * positions * positions, (from, count) -> inner(this, this, from, count))
                    .clamp(0, Double.POSITIVE_INFINITY);
        }
        // Less than the inputs and outputs of some layers: then the sum is a product of a vector.
        if (Pieces.isOne(n, out * in) && out * in <= 4 * positions * (out + in)) {
            written = all();
            return Gradients.squaredNorms(written);
        }
        return Pieces.join(n, out * in, (from, count) -> Gradients.squaredNorms(some(from, count)));
    }

    @Override
    public Tensor sum(Tensor factors) {
        if (written != null) {
            return Gradients.weightedSum(written, factors);
        }
        Tensor scaled = output.mul(factors.to(output.dtype()).reshape(n, 1, 1));
        return Gradients.linear(scaled.reshape(n * positions, out), x.reshape(n * positions, in));
    }

    @Override
    public Tensor some(long from, long count) {
        return Gradients.bmm(output.narrow(0, from, count).transpose(1, 2), x.narrow(0, from, count));
    }

    @Override
    public Tensor inner(ExampleGradients other) {
        return other instanceof Products products
                ? Pieces.join(
                        n, 2 * positions * products.positions, (from, count) -> inner(this, products, from, count))
                : other instanceof Lookups lookups ? lookups.inner(this) : ExampleGradients.super.inner(other);
    }

    private static Tensor inner(Products a, Products b, long from, long count) {
        Tensor outputs = Gradients.bmm(
                a.output.narrow(0, from, count), b.output.narrow(0, from, count).transpose(1, 2));
        Tensor inputs = Gradients.bmm(
                a.x.narrow(0, from, count), b.x.narrow(0, from, count).transpose(1, 2));
        return outputs.mul_(inputs).sum(false, 1, 2);
    }

    /** {@code [N, T, out]}. */
    Tensor output() {
        return output;
    }

    /** {@code [N, T, in]}. */
    Tensor x() {
        return x;
    }
}
