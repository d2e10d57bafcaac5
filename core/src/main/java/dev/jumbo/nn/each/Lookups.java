package dev.jumbo.nn.each;

import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Gradients;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.List;

/**
 * Of a table {@code [rows, width]} that rows are taken from by their ids: an example's gradient has values in the rows of its
 * own ids alone, which are summed up without the others.
 */
public final class Lookups implements ExampleGradients {
    private final Tensor output;
    private final Tensor ids;
    private final long n;
    private final long rows;
    private final long width;

    private Lookups(Tensor output, Tensor ids, long rows) {
        this.output = output;
        this.ids = ids;
        this.rows = rows;
        n = ids.size(0);
        width = output.size(2);
    }

    /**
     * @param output the gradient of what was taken, {@code [N, ..., width]}
     * @param ids {@code [N, ...]}, INT64
     * @param rows of the table
     * @param paddingId row that gets no gradient, or -1
     */
    public static Lookups of(Tensor output, Tensor ids, long rows, long paddingId) {
        long n = ids.size(0);
        long positions = n == 0 ? 0 : ids.elements() / n;
        Tensor wide = Functional.toFloat32(output).reshape(n, positions, output.size(-1));
        Tensor flat = ids.reshape(n, positions);
        if (paddingId >= 0) {
            Tensor counts = flat.sub(paddingId).abs().clamp(0, 1).to(wide.dtype());
            wide = wide.mul(counts.unsqueeze(2));
        }
        return new Lookups(wide, flat, rows);
    }

    @Override
    public Shape shape() {
        return Shape.of(rows, width);
    }

    @Override
    public long examples() {
        return n;
    }

    @Override
    public Tensor squaredNorms() {
        if (ids.elements() == 0) {
            return Tensor.zeros(Shape.of(n), output.dtype()).to(output.device());
        }
        // Rows of the same example and id belong together.
        List<Tensor> distinct = Gradients.distinct(keys(0, n).reshape(-1));
        Tensor sums = Gradients.sumById(
                output.reshape(-1, width), distinct.get(1), distinct.get(0).size(0));
        return Gradients.sumById(Gradients.squaredNorms(sums), Gradients.quotient(distinct.get(0), rows), n);
    }

    /** Numbers of rows in the tables of all examples one below the other. */
    private Tensor keys(long from, long count) {
        Tensor first = Tensor.arange(count).to(ids.device()).mul(rows);
        return ids.narrow(0, from, count).add(first.to(DType.INT64).unsqueeze(1));
    }

    @Override
    public Tensor sum(Tensor factors) {
        Tensor scaled = output.mul(factors.to(output.dtype()).reshape(n, 1, 1));
        return Gradients.sumById(scaled.reshape(-1, width), ids.reshape(-1), rows);
    }

    @Override
    public Tensor some(long from, long count) {
        Tensor tables = Gradients.sumById(
                output.narrow(0, from, count).reshape(-1, width),
                keys(from, count).reshape(-1),
                count * rows);
        return tables.reshape(count, rows, width);
    }

    /** With the product of a tied layer: {@code sum_ts <output_t, x_s> other_s[id_t]}, without either's table. */
    @Override
    public Tensor inner(ExampleGradients other) {
        if (!(other instanceof Products products) || ids.elements() == 0) {
            return ExampleGradients.super.inner(other);
        }
        long positions = ids.size(1);
        long others = products.x().size(1);
        return Pieces.join(n, 2 * positions * others, (from, count) -> {
            Tensor similar = Gradients.bmm(
                    products.x().narrow(0, from, count),
                    output.narrow(0, from, count).transpose(1, 2));
            Tensor taken = products.output()
                    .narrow(0, from, count)
                    .gather(2, ids.narrow(0, from, count).unsqueeze(1).expand(count, others, positions));
            return similar.mul_(taken).sum(false, 1, 2);
        });
    }
}
