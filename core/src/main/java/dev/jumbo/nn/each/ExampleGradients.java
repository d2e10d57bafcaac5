package dev.jumbo.nn.each;

import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;

/**
 * What one use of a parameter adds to its gradient, example by example: {@code g_1 ... g_N}, which {@link #all} writes out and
 * the other methods need not. In FLOAT32, or FLOAT64 where the model computes in it. Called without recording, in a scope.
 *
 * <p>{@link Products} are those of a dense layer, {@link Kernels} of a convolution, {@link Lookups} of a table, {@link Rows} of
 * whatever is summed over positions, such as a bias.
 */
public interface ExampleGradients {
    /** Shape of the parameter. */
    Shape shape();

    /** {@code |g_i|^2} for each example, {@code [N]}. */
    Tensor squaredNorms();

    /** {@code sum_i factors_i g_i}, of the parameter's shape. @param factors {@code [N]} */
    Tensor sum(Tensor factors);

    /** Some of them written out, {@code [count, ...]}. @param from index of the first example */
    Tensor some(long from, long count);

    /** Number of examples. */
    long examples();

    /** All of them written out, {@code [N, ...]}. */
    default Tensor all() {
        return some(0, examples());
    }

    /**
     * {@code <g_i, h_i>} for each example, {@code [N]}, where a parameter is used twice: {@code |g + h|^2 = |g|^2 + 2 <g, h> + |h|^2}.
     *
     * @param other of the same parameter and batch
     */
    default Tensor inner(ExampleGradients other) {
        return Pieces.join(
                examples(),
                2 * shape().elements(),
                (from, count) -> some(from, count)
                        .mul(other.some(from, count))
                        .reshape(count, shape().elements())
                        .sum(false, 1));
    }
}
