package dev.jumbo.train.metrics;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How often each class was taken for each other, each row by its weight ({@link Predictions#weight}). Rows are right classes,
 * columns predicted ones. Divisions by zero give 0, as in scikit-learn.
 */
public final class ConfusionMatrix {
    private static final long MOST_ON_DEVICE = 2048;

    private double[][] counts = new double[0][0];
    private long undefined;
    private long examples;

    /** All zeros. @param classes number of classes; it grows when predictions have more */
    public ConfusionMatrix(int classes) {
        grow(classes);
    }

    /** The matrix of some predictions. */
    public static ConfusionMatrix of(Predictions predictions) {
        ConfusionMatrix matrix = new ConfusionMatrix(predictions.classes());
        matrix.add(predictions);
        return matrix;
    }

    /** A metric that is read off the matrix. */
    static Metric.Accumulator accumulator(ToDoubleFunction<ConfusionMatrix> value) {
        ConfusionMatrix matrix = new ConfusionMatrix(0);
        return new Metric.Accumulator() {
            @Override
            public void add(Predictions predictions) {
                matrix.add(predictions);
            }

            @Override
            public double[] state() {
                return matrix.state();
            }

            @Override
            public void merge(double[] state) {
                matrix.merge(state);
            }

            @Override
            public double value() {
                return matrix.total() == 0 || matrix.undefined > 0 ? Double.NaN : value.applyAsDouble(matrix);
            }
        };
    }

    /** Counts the rows of a batch that have a target. */
    public void add(Predictions predictions) {
        grow(predictions.classes());
        for (int row = 0; row < predictions.rows(); row++) {
            double weight = predictions.weight(row);
            if (!predictions.counts(row) || weight == 0) {
                continue;
            }
            examples++;
            if (predictions.isDefined(row)) {
                counts[predictions.target(row)][predictions.predicted(row)] += weight;
            } else {
                undefined++;
            }
        }
    }

    /** Row by row; behind them, where there are any, the rows that are not defined. */
    private double[] state() {
        int classes = counts.length;
        double[] state = new double[classes * classes + (undefined > 0 ? 1 : 0)];
        for (int i = 0; i < classes * classes; i++) {
            state[i] = counts[i / classes][i % classes];
        }
        if (undefined > 0) {
            state[classes * classes] = undefined;
        }
        return state;
    }

    /** What {@link #state} says of some rows, on the device: row by row, then how many are not defined; null for more classes than a matrix is for. */
    static @Nullable Tensor sums(TensorRows rows) {
        long classes = rows.classes();
        if (classes > MOST_ON_DEVICE) {
            return null;
        }
        Tensor cell = rows.target().mul(classes).add(rows.predicted());
        Tensor undefined = Tensor.full(Shape.of(rows.rows()), classes * classes, DType.INT64)
                .to(cell.device());
        Tensor cells =
                Tensor.zeros(Shape.of(classes * classes + 1), DType.FLOAT64).to(cell.device());
        return cells.scatterAdd_(0, cell.to(DType.INT64).where(rows.defined(), undefined), weights(rows));
    }

    /** {@code [rows]} FLOAT64: what each row adds to its cell; of those that are not defined, 1 where they count at all. */
    private static Tensor weights(TensorRows rows) {
        Tensor counted = rows.counted().to(DType.FLOAT64);
        Tensor weights = rows.weights();
        return weights == null
                ? counted
                : counted.mul(weights)
                        .where(rows.defined(), counted.mul(weights.gt(0).to(DType.FLOAT64)));
    }

    /** Adds the counts of another matrix. @param state of it; its length says how many classes: 2 or more */
    private void merge(double[] state) {
        int classes = (int) Math.sqrt(state.length);
        int cells = classes * classes;
        grow(classes);
        for (int i = 0; i < cells; i++) {
            counts[i / classes][i % classes] += state[i];
        }
        undefined += state.length > cells ? (long) state[cells] : 0;
    }

    private void grow(int classes) {
        if (classes > counts.length) {
            double[][] larger = new double[classes][classes];
            for (int row = 0; row < counts.length; row++) {
                System.arraycopy(counts[row], 0, larger[row], 0, counts.length);
            }
            counts = larger;
        }
    }

    public int classes() {
        return counts.length;
    }

    /** How often one class was taken for another: the sum of the weights, or the number where each row counts 1. */
    public double count(int target, int predicted) {
        return counts[target][predicted];
    }

    /** All counts, a row for each right class; whole numbers are {@code Long}. */
    public List<List<Number>> rows() {
        return Arrays.stream(counts)
                .map(row -> Arrays.stream(row).mapToObj(ConfusionMatrix::number).toList())
                .toList();
    }

    /** A count as files and tables show it: without a point where it is whole. */
    public static Number number(double count) {
        if (count == Math.rint(count) && Math.abs(count) < 1L << 53) {
            return (long) count;
        }
        return count;
    }

    /** Examples that are in no cell, since an output of theirs is NaN. The figures of an accumulator are NaN with any. */
    public long undefined() {
        return undefined;
    }

    /** How many examples count, those that are in no cell too, whatever their weights. */
    public long examples() {
        return examples;
    }

    /** The sum of all cells: the weight of the examples, their number where each counts 1. */
    public double total() {
        return IntStream.range(0, classes()).mapToDouble(this::support).sum();
    }

    /** The weight of the examples of a class. */
    public double support(int classId) {
        double sum = 0;
        for (double count : counts[classId]) {
            sum += count;
        }
        return sum;
    }

    /** The weight of the examples that were predicted to be of a class. */
    public double predicted(int classId) {
        double sum = 0;
        for (double[] row : counts) {
            sum += row[classId];
        }
        return sum;
    }

    /** The share of examples on the diagonal. */
    public double accuracy() {
        return ratio(diagonal(), total());
    }

    public double precision(int classId) {
        return ratio(counts[classId][classId], predicted(classId));
    }

    public double recall(int classId) {
        return ratio(counts[classId][classId], support(classId));
    }

    public double f1(int classId) {
        return ratio(2 * counts[classId][classId], predicted(classId) + support(classId));
    }

    public double precision(Average average) {
        return average(average, this::precision);
    }

    public double recall(Average average) {
        return average(average, this::recall);
    }

    public double f1(Average average) {
        return average(average, this::f1);
    }

    /** Classes that are right or predicted at least once. */
    public int[] present() {
        return IntStream.range(0, classes())
                .filter(c -> support(c) + predicted(c) > 0)
                .toArray();
    }

    private double average(Average average, IntToDoubleFunction ofClass) {
        return switch (average) {
            case BINARY -> {
                if (classes() != 2) {
                    throw new InputException("expected two classes for the average \"binary\", received " + classes()
                            + "; use macro, micro or weighted");
                }
                yield ofClass.applyAsDouble(1);
            }
            // Every miss of one class is a false alarm of another, so all three are the accuracy.
            case MICRO -> accuracy();
            case MACRO ->
                Arrays.stream(present())
                        .mapToDouble(ofClass::applyAsDouble)
                        .average()
                        .orElse(0);
            case WEIGHTED ->
                IntStream.range(0, classes())
                        .mapToDouble(c -> ofClass.applyAsDouble(c) * support(c) / (total() == 0 ? 1 : total()))
                        .sum();
        };
    }

    private double diagonal() {
        return IntStream.range(0, classes()).mapToDouble(c -> counts[c][c]).sum();
    }

    private static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}
