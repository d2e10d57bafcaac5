package dev.jumbo.nn.each;

import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;

/** Of an operation that uses some rows of a parameter, as attention that projects two sequences by parts of one matrix; the rest is 0. */
public final class SomeRows implements ExampleGradients {
    private final ExampleGradients used;
    private final Shape shape;
    private final long from;

    private SomeRows(ExampleGradients used, Shape shape, long from) {
        this.used = used;
        this.shape = shape;
        this.from = from;
    }

    /**
     * @param used of the rows that are used
     * @param shape of the parameter, {@code [rows, ...]}
     * @param from its first row that is used
     */
    public static SomeRows of(ExampleGradients used, Shape shape, long from) {
        return new SomeRows(used, shape, from);
    }

    private long rows() {
        return used.shape().size(0);
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public long examples() {
        return used.examples();
    }

    @Override
    public Tensor squaredNorms() {
        return used.squaredNorms();
    }

    @Override
    public Tensor sum(Tensor factors) {
        Tensor sum = used.sum(factors);
        Tensor padded = Tensor.zeros(shape, sum.dtype()).to(sum.device());
        padded.narrow(0, from, rows()).copy_(sum);
        return padded;
    }

    @Override
    public Tensor some(long first, long count) {
        Tensor written = used.some(first, count);
        Tensor padded = Tensor.zeros(shape.prepend(count), written.dtype()).to(written.device());
        padded.narrow(1, from, rows()).copy_(written);
        return padded;
    }

    /** None between rows that have nothing in common. */
    @Override
    public Tensor inner(ExampleGradients other) {
        if (other instanceof SomeRows rows) {
            if (rows.from == from && rows.rows() == rows()) {
                return used.inner(rows.used);
            }
            if (rows.from >= from + rows() || from >= rows.from + rows.rows()) {
                return squaredNorms().mul(0);
            }
        }
        return ExampleGradients.super.inner(other);
    }
}
