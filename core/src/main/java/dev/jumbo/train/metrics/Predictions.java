package dev.jumbo.train.metrics;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import org.jspecify.annotations.Nullable;

/**
 * What the network said of a batch, beside what was right, in plain arrays.
 *
 * <p>Metrics of classification read a row as follows. With a width of two or more, the outputs are probabilities of
 * classes, and the largest is the predicted class (the first of equals). With a width of one, the output is the
 * probability of class 1, which is predicted above 0.5. The right class is the class id, or the largest of the target
 * values, or for one value whether it is above 0.5. A negative class id (PyTorch's -100) marks a row that does not count.
 * A row with NaN has no predicted class, and metrics are NaN with it: a network that does not compute is never the best.
 *
 * @param rows number of examples, or of positions of all examples for sequences
 * @param width values a prediction has: the classes of a classifier (probabilities), 1 for one regression value or one
 *     probability
 * @param outputs {@code rows * width} values, row by row
 * @param classIds the right classes, one a row; empty unless targets are class ids
 * @param values the right values, {@code rows * width}; empty if targets are class ids
 * @param weights what each row counts beside others; empty where each counts 1
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays are the point: no copy for each batch.
public record Predictions(int rows, int width, float[] outputs, long[] classIds, float[] values, double[] weights) {
    /** @throws InputException if a length does not fit, or a class id is not below the number of classes */
    public Predictions {
        if (rows < 0 || width < 1) {
            throw new InputException("expected predictions of at least one value a row, received " + rows + " rows of "
                    + width + " values");
        }
        long elements = (long) rows * width;
        if (outputs.length != elements) {
            throw new InputException("expected " + elements + " output values (" + rows + " rows of " + width
                    + "), received " + outputs.length);
        }
        boolean ids = classIds.length == rows && values.length == 0;
        boolean numbers = values.length == elements && classIds.length == 0;
        if (!ids && !numbers) {
            throw new InputException("expected either " + rows + " class ids or " + elements
                    + " target values, received " + classIds.length + " class ids and " + values.length + " values");
        }
        if (weights.length != 0 && weights.length != rows) {
            throw new InputException("expected " + rows + " weights, received " + weights.length);
        }
        for (int row = 0; row < classIds.length; row++) {
            if (classIds[row] >= Math.max(2, width)) {
                throw new InputException("expected class ids below " + Math.max(2, width)
                        + ", the number of classes of the outputs, received " + classIds[row] + " in row " + row
                        + "; check the labels of the data or the width of the model's last layer");
            }
        }
    }

    /** Each row counts 1. */
    public Predictions(int rows, int width, float[] outputs, long[] classIds, float[] values) {
        this(rows, width, outputs, classIds, values, new double[0]);
    }

    /** The same, whose rows count as said. @param ofRows null where each counts 1 */
    public Predictions weighted(double @Nullable [] ofRows) {
        return ofRows == null ? this : new Predictions(rows, width, outputs, classIds, values, ofRows);
    }

    /** What a row counts beside others, 0 or more. */
    public double weight(int row) {
        return weights.length == 0 ? 1 : weights[row];
    }

    /** Against class ids. @param outputs {@code [rows, width]} flat */
    public static Predictions ofClasses(float[] outputs, long[] classIds) {
        int width = classIds.length == 0 ? 1 : outputs.length / classIds.length;
        return new Predictions(classIds.length, width, outputs, classIds, new float[0]);
    }

    /** Against values, or one-hot classes. @param outputs {@code [rows, width]} flat, as {@code values} */
    public static Predictions ofValues(float[] outputs, float[] values, int width) {
        return new Predictions(values.length / width, width, outputs, new long[0], values);
    }

    /** Number of classes that the outputs tell apart: two for a single probability. */
    public int classes() {
        return Math.max(2, width);
    }

    /** Whether the targets are class ids. */
    public boolean hasClassIds() {
        return values.length == 0;
    }

    /** Whether the row has a target: its class id, if that is what targets are, is not negative. */
    public boolean counts(int row) {
        return !hasClassIds() || classIds[row] >= 0;
    }

    /** Whether outputs and right values of a row are numbers: with NaN among them, no class is the largest. */
    public boolean isDefined(int row) {
        for (int i = row * width; i < (row + 1) * width; i++) {
            if (Float.isNaN(outputs[i]) || (!hasClassIds() && Float.isNaN(values[i]))) {
                return false;
            }
        }
        return true;
    }

    /** The class that the network predicted; -1 where an output is NaN. */
    public int predicted(int row) {
        return largest(outputs, row);
    }

    /** The class that was right, or negative where the row does not count or a right value is NaN. */
    public int target(int row) {
        return hasClassIds() ? (int) Math.max(-1, classIds[row]) : largest(values, row);
    }

    /** The probability of a class, from 0 to 1. */
    public double probability(int row, int classId) {
        if (width == 1) {
            return classId == 1 ? outputs[row] : 1.0 - outputs[row];
        }
        return outputs[row * width + classId];
    }

    /** The share of a class in the target: 0 or 1 for class ids, otherwise the target's value. */
    public double targetShare(int row, int classId) {
        if (hasClassIds()) {
            return target(row) == classId ? 1 : 0;
        }
        if (width == 1) {
            return classId == 1 ? values[row] : 1.0 - values[row];
        }
        return values[row * width + classId];
    }

    /** The right value of an output, for regression. @throws InputException if targets are class ids */
    public double value(int row, int column) {
        if (hasClassIds()) {
            throw new InputException("expected target values for a metric of regression, received class ids; "
                    + "use a metric of classification such as accuracy");
        }
        return values[row * width + column];
    }

    /** What the network said for an output. */
    public double output(int row, int column) {
        return outputs[row * width + column];
    }

    private int largest(float[] from, int row) {
        if (width == 1) {
            return Float.isNaN(from[row]) ? -1 : from[row] > 0.5f ? 1 : 0;
        }
        int start = row * width;
        int best = start;
        for (int i = start; i < start + width; i++) {
            if (Float.isNaN(from[i])) {
                return -1;
            }
            if (from[i] > from[best]) {
                best = i;
            }
        }
        return best - start;
    }

    @Override
    public String toString() {
        return "Predictions[rows=" + rows + ", width=" + width + ", outputs=" + Shown.of(outputs) + ", classIds="
                + Shown.of(classIds) + ", values=" + Shown.of(values) + "]";
    }
}
