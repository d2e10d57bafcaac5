package dev.jumbo.train.metrics;

import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * As {@link Predictions}, on the device where the network computed them: metrics add them up there, and only their sums are ever
 * copied. Rows are read by the same rules. All of it belongs to the scope in which it is asked for.
 */
public final class TensorRows {
    private static final double EPSILON = Math.ulp(1.0f);

    private final Tensor outputs;
    private final @Nullable Tensor ids;
    private final @Nullable Tensor values;
    /** {@code [rows]} FLOAT64; null where each row counts 1. */
    private final @Nullable Tensor weights;

    private @Nullable Tensor predicted;
    private @Nullable Tensor target;
    private @Nullable Tensor defined;
    private @Nullable Tensor counted;

    private TensorRows(Tensor outputs, @Nullable Tensor ids, @Nullable Tensor values, @Nullable Tensor weights) {
        this.weights = weights;
        this.outputs = outputs;
        this.ids = ids;
        this.values = values;
    }

    /** Against class ids. @param outputs {@code [rows, width]} @param ids {@code [rows]} INT64, negative where a row does not count */
    public static TensorRows ofClasses(Tensor outputs, Tensor ids) {
        return new TensorRows(outputs, ids, null, null);
    }

    /** Against values, or one-hot classes. @param outputs {@code [rows, width]} @param values of the same shape */
    public static TensorRows ofValues(Tensor outputs, Tensor values) {
        return new TensorRows(outputs, null, values, null);
    }

    /** The same, whose rows count as said. @param ofRows null where each counts 1 */
    public TensorRows weighted(double @Nullable [] ofRows) {
        return ofRows == null
                ? this
                : new TensorRows(
                        outputs,
                        ids,
                        values,
                        Tensor.of(ofRows, Shape.of(ofRows.length)).to(outputs.device()));
    }

    /** {@code [rows]} FLOAT64: what each row counts beside others; null where each counts 1. */
    public @Nullable Tensor weights() {
        return weights;
    }

    public long rows() {
        return outputs.size(0);
    }

    public long width() {
        return outputs.size(1);
    }

    public long classes() {
        return Math.max(2, width());
    }

    /** {@code [rows, width]} FLOAT32. */
    public Tensor outputs() {
        return outputs;
    }

    public boolean hasClassIds() {
        return ids != null;
    }

    /** The right values {@code [rows, width]}. @throws IllegalStateException if targets are class ids */
    public Tensor values() {
        if (values == null) {
            throw new IllegalStateException("targets are class ids");
        }
        return values;
    }

    /** {@code [rows]} BOOL: whether a row counts. */
    public Tensor counted() {
        if (counted == null) {
            counted = ids == null ? full(1).gt(0) : ids.ge(0);
        }
        return counted;
    }

    /** {@code [rows]} INT64: the class that the network says. */
    public Tensor predicted() {
        if (predicted == null) {
            predicted = largest(outputs);
        }
        return predicted;
    }

    /** {@code [rows]} INT64: the class that is right; 0 where a row does not count. */
    public Tensor target() {
        if (target == null) {
            target = ids != null ? ids.mul(ids.ge(0).to(DType.INT64)) : largest(values());
        }
        return target;
    }

    /** {@code [rows]} BOOL: whether no output (and no right value) of a row is NaN. */
    public Tensor defined() {
        if (defined == null) {
            Tensor largest = at(outputs, predicted()); // NaN counts as the largest.
            Tensor known = largest.eq(largest);
            if (values != null) {
                Tensor right = at(values, target());
                known = known.to(DType.FLOAT32)
                        .mul(right.eq(right).to(DType.FLOAT32))
                        .gt(0.5);
            }
            defined = known;
        }
        return defined;
    }

    private static Tensor largest(Tensor of) {
        if (of.size(1) > 1) {
            return of.argmax(1);
        }
        return of.select(1, 0).gt(0.5).to(DType.INT64);
    }

    private static Tensor at(Tensor of, Tensor column) {
        return of.size(1) == 1
                ? of.select(1, 0)
                : of.gather(1, column.unsqueeze(1)).select(1, 0);
    }

    /** {@code [rows]} FLOAT64: the probability of a class for each row. @param classIds {@code [rows]} INT64 */
    public Tensor probability(Tensor classIds) {
        Tensor said = at(outputs, classIds).to(DType.FLOAT64);
        return width() == 1 ? said.where(classIds.gt(0), said.neg().add(1)) : said;
    }

    /** {@code [rows]} FLOAT64: {@code -log p} of the right class, or the cross-entropy with the right shares, with p clipped to {@code [eps, 1 - eps]}. */
    Tensor logLoss() {
        if (values == null) {
            return log(probability(target())).neg();
        }
        if (width() == 1) {
            Tensor p = outputs.select(1, 0).to(DType.FLOAT64);
            Tensor share = values.select(1, 0).to(DType.FLOAT64);
            return share.mul(log(p))
                    .add(share.neg().add(1).mul(log(p.neg().add(1))))
                    .neg();
        }
        return values.to(DType.FLOAT64)
                .mul(log(outputs.to(DType.FLOAT64)))
                .sum(false, 1)
                .neg();
    }

    private static Tensor log(Tensor probabilities) {
        return probabilities.clamp(EPSILON, 1 - EPSILON).log();
    }

    /** {@code [rows, width]} FLOAT64: outputs less right values. */
    Tensor differences() {
        return outputs.to(DType.FLOAT64).sub(values().to(DType.FLOAT64));
    }

    /** NaN where a row is not defined. */
    Tensor orUndefined(Tensor figures) {
        return figures.where(defined(), full(Double.NaN));
    }

    /** The sum of a figure of each row that counts, times its weight, and the sum of the weights: {@code [2]} FLOAT64. @param figures {@code [rows]} */
    public Tensor sumAndCount(Tensor figures) {
        Tensor counts = counted().to(DType.FLOAT64);
        Tensor kept = ids == null
                ? figures.to(DType.FLOAT64)
                : figures.to(DType.FLOAT64).where(counted(), full(0));
        if (weights != null) {
            counts = counts.mul(weights);
            kept = kept.mul(weights).where(weights.gt(0), full(0)); // What is not defined may count 0.
        }
        return Tensor.stack(List.of(kept.sum(), counts.sum()), 0);
    }

    private Tensor full(double value) {
        return Tensor.full(Shape.of(rows()), value, DType.FLOAT64).to(outputs.device());
    }

    /** The same in plain arrays. */
    public Predictions toPredictions() {
        if (ids != null) {
            return new Predictions(
                            Math.toIntExact(rows()),
                            Math.toIntExact(width()),
                            outputs.toFloats(),
                            ids.toLongs(),
                            new float[0])
                    .weighted(weights == null ? null : weights.toDoubles());
        }
        return new Predictions(
                        Math.toIntExact(rows()),
                        Math.toIntExact(width()),
                        outputs.toFloats(),
                        new long[0],
                        values().toFloats())
                .weighted(weights == null ? null : weights.toDoubles());
    }
}
