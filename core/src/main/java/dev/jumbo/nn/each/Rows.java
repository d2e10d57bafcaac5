package dev.jumbo.nn.each;

import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Gradients;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.stream.LongStream;

/** Gradients that are there one by one: of biases, scales, shifts and whatever has few values. */
public final class Rows implements ExampleGradients {
    private final Tensor values;
    private final Shape shape;

    private Rows(Tensor values, Shape shape) {
        this.values = values;
        this.shape = shape;
    }

    /** @param gradients {@code [N, ...]} with the parameter's shape behind the batch */
    public static Rows of(Tensor gradients) {
        Tensor wide = Functional.toFloat32(gradients);
        return new Rows(wide, wide.shape().slice(1, wide.rank()));
    }

    /**
     * Of a parameter whose first rows alone were used; the gradients of the others are 0.
     *
     * @param gradients {@code [N, used, ...]}
     * @param shape of the parameter, {@code [rows, ...]}
     */
    public static Rows first(Tensor gradients, Shape shape) {
        return new Rows(Functional.toFloat32(gradients), shape);
    }

    /** Of what is added along the last dimension, as a dense layer's bias {@code [D]}. @param output the gradient {@code [N, ..., D]} */
    public static Rows lastDimension(Tensor output) {
        return of(sumAllBut(Functional.toFloat32(output), output.rank() - 1));
    }

    /** Of what is added to channels, as a convolution's bias {@code [C]}. @param output the gradient {@code [N, C, ...]} */
    public static Rows channels(Tensor output) {
        return of(sumAllBut(Functional.toFloat32(output), 1));
    }

    private static Tensor sumAllBut(Tensor x, int dim) {
        long[] dims = LongStream.range(1, x.rank()).filter(d -> d != dim).toArray();
        return dims.length == 0 ? x : x.sum(false, dims);
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public long examples() {
        return values.size(0);
    }

    @Override
    public Tensor squaredNorms() {
        return Gradients.squaredNorms(values);
    }

    @Override
    public Tensor sum(Tensor factors) {
        Tensor used = Gradients.weightedSum(values, factors);
        if (used.shape().equals(shape)) {
            return used;
        }
        Tensor padded = Tensor.zeros(shape, used.dtype()).to(used.device());
        padded.narrow(0, 0, used.size(0)).copy_(used);
        return padded;
    }

    @Override
    public Tensor some(long from, long count) {
        Tensor used = values.narrow(0, from, count);
        if (used.shape().slice(1, used.rank()).equals(shape)) {
            return used;
        }
        long[] sizes = new long[shape.rank() + 1];
        sizes[0] = count;
        System.arraycopy(shape.toArray(), 0, sizes, 1, shape.rank());
        Tensor padded = Tensor.zeros(Shape.of(sizes), used.dtype()).to(used.device());
        padded.narrow(1, 0, used.size(1)).copy_(used);
        return padded;
    }
}
