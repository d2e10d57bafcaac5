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
 * How often each class was taken for each other. Rows are right classes, columns predicted ones. Divisions by zero give
 * 0, as in scikit-learn.
 */
public final class ConfusionMatrix {
    private static final long MOST_ON_DEVICE = 2048;

    private long[][] counts = new long[0][0];
    private long undefined;

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
            if (predictions.counts(row) && !predictions.isDefined(row)) {
                undefined++;
            } else if (predictions.counts(row)) {
                counts[predictions.target(row)][predictions.predicted(row)]++;
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
        return cells.scatterAdd_(
                0,
                cell.to(DType.INT64).where(rows.defined(), undefined),
                rows.counted().to(DType.FLOAT64));
    }

    /** Adds the counts of another matrix. @param state of it; its length says how many classes: 2 or more */
    private void merge(double[] state) {
        int classes = (int) Math.sqrt(state.length);
        int cells = classes * classes;
        grow(classes);
        for (int i = 0; i < cells; i++) {
            counts[i / classes][i % classes] += (long) state[i];
        }
        undefined += state.length > cells ? (long) state[cells] : 0;
    }

    private void grow(int classes) {
        if (classes > counts.length) {
            long[][] larger = new long[classes][classes];
            for (int row = 0; row < counts.length; row++) {
                System.arraycopy(counts[row], 0, larger[row], 0, counts.length);
            }
            counts = larger;
        }
    }

    public int classes() {
        return counts.length;
    }

    /** How often one class was taken for another. */
    public long count(int target, int predicted) {
        return counts[target][predicted];
    }

    /** All counts, a row for each right class. */
    public List<List<Long>> rows() {
        return Arrays.stream(counts)
                .map(row -> Arrays.stream(row).boxed().toList())
                .toList();
    }

    /** Examples that are in no cell, since an output of theirs is NaN. The figures of an accumulator are NaN with any. */
    public long undefined() {
        return undefined;
    }

    /** Number of examples in the cells. */
    public long total() {
        return Arrays.stream(counts).mapToLong(row -> Arrays.stream(row).sum()).sum();
    }

    /** How many examples are of a class. */
    public long support(int classId) {
        return Arrays.stream(counts[classId]).sum();
    }

    /** How many examples were predicted to be of a class. */
    public long predicted(int classId) {
        return Arrays.stream(counts).mapToLong(row -> row[classId]).sum();
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
                        .mapToDouble(c -> ofClass.applyAsDouble(c) * support(c) / Math.max(1, total()))
                        .sum();
        };
    }

    private long diagonal() {
        return IntStream.range(0, classes()).mapToLong(c -> counts[c][c]).sum();
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
