package dev.jumbo.train;

import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Answer;
import dev.jumbo.nn.Loss;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.metrics.Predictions;
import dev.jumbo.train.metrics.TensorRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What outputs mean, as rows: for {@code [N, classes, ...]}, or {@code [N, ..., classes]} where the loss says so, a row for each
 * of the other positions; of labels that do not exclude each other, a row for each. Class ids that the loss ignores are negative,
 * so that metrics ignore them too.
 */
final class RowsOf {
    /** Output values of a part: 32 MB. */
    private static final long PART = 1 << 23;

    private final Loss loss;
    private final Answer answer;
    private final Tensor outputs;
    private final Column targets;
    /** Of this part, where targets are class ids. */
    private final long @Nullable [] ids;
    /** The first right value of this part, and how many. */
    private final int from;

    private final int count;

    private RowsOf(
            Loss loss, Answer answer, Tensor outputs, Column targets, long @Nullable [] ids, int from, int count) {
        this.loss = loss;
        this.answer = answer;
        this.outputs = outputs;
        this.targets = targets;
        this.ids = ids;
        this.from = from;
        this.count = count;
    }

    /** In parts of some rows; one part unless there are classes of very many rows. */
    static List<RowsOf> parts(Loss loss, Tensor outputs, Column targets) {
        Field field = targets.field();
        boolean classIds = field.dtype() == DType.INT64;
        Answer answer = loss.answer(Task.target(field));
        if (answer == Answer.SEQUENCE) {
            throw new InputException(
                    "expected a prediction for each target, but the loss compares sequences of different"
                            + " lengths; use metrics: []");
        }
        long[] ids = classIds ? counted(loss, targets.longs()) : null;
        int values = classIds ? targets.longs().length : targets.floats().length;
        Tensor all = outputs;
        if (outputs.elements() > PART && classIds && answer == Answer.CLASS && loss.classAxis() == -1) {
            all = outputs.reshape(outputs.elements() / outputs.size(-1), outputs.size(-1));
        }
        // Of one without an answer of its own, nobody knows whether examples are independent of each other.
        if (outputs.elements() <= PART || answer == Answer.OWN) {
            return List.of(new RowsOf(loss, answer, outputs, targets, ids, 0, values));
        }
        if (ids != null) {
            requireClasses(ids, all.elements());
        }
        int rows = Math.toIntExact(all.size(0));
        int most = (int) Math.max(1, Math.min(rows, PART / (all.elements() / rows)));
        int each = values / rows;
        List<RowsOf> parts = new ArrayList<>();
        for (int row = 0; row < rows; row += most) {
            int own = Math.min(most, rows - row);
            parts.add(new RowsOf(
                    loss,
                    answer,
                    all.narrow(0, row, own),
                    targets,
                    ids == null ? null : Arrays.copyOfRange(ids, row * each, (row + own) * each),
                    row * each,
                    own * each));
        }
        return parts;
    }

    private static long[] counted(Loss loss, long[] ids) {
        long[] counted = ids;
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] >= 0 && loss.ignores(ids[i])) {
                counted = counted == ids ? ids.clone() : counted;
                counted[i] = -1;
            }
        }
        return counted;
    }

    /** An id that is no class would be read beyond the outputs. */
    private static void requireClasses(long[] ids, long outputs) {
        long classes = ids.length == 0 ? 2 : Math.max(2, outputs / ids.length);
        for (int row = 0; row < ids.length; row++) {
            if (ids[row] >= classes) {
                throw new InputException("expected class ids below " + classes
                        + ", the number of classes of the outputs, received " + ids[row] + " in row " + row
                        + "; check the labels of the data or the width of the model's last layer");
            }
        }
    }

    private boolean hasPositions(Tensor meant) {
        return meant.rank() > 2 && loss.classAxis() == 1 && (ids != null || answer == Answer.CLASS);
    }

    /** The rows of this part, where they were computed. */
    TensorRows rows() {
        Tensor meant = loss.predictions(outputs);
        boolean positions = hasPositions(meant);
        Tensor last = classesLast(meant, positions);
        if (ids != null) {
            requireClasses(ids, meant.elements());
            long width = ids.length == 0 ? 1 : last.elements() / ids.length;
            Tensor right = Tensor.of(ids, Shape.of(ids.length)).to(outputs.device());
            return TensorRows.ofClasses(last.reshape(ids.length, width), right);
        }
        long width = width(meant, answer, positions);
        Tensor right = targets.tensor().to(outputs.device()).reshape(targets.floats().length);
        Tensor own = right.narrow(0, from, count).reshape(meant.shape().toArray());
        long rows = meant.elements() / Math.max(1, width);
        return TensorRows.ofValues(
                last.reshape(rows, width), classesLast(own, positions).reshape(rows, width));
    }

    /** The weights of the rows of this part. @param ofExamples null where each counts 1 @param rows of this part */
    double @Nullable [] weights(double @Nullable [] ofExamples, int rows) {
        if (ofExamples == null || rows == 0) {
            return null;
        }
        int values = ids != null ? targets.longs().length : targets.floats().length;
        int perRow = count / rows;
        int perExample = values / ofExamples.length;
        double[] weights = new double[rows];
        Arrays.setAll(weights, row -> ofExamples[(from + row * perRow) / perExample]);
        return weights;
    }

    /** The same in plain arrays. */
    Predictions predictions() {
        Tensor meant = loss.predictions(outputs);
        boolean positions = hasPositions(meant);
        float[] values = classesLast(meant, positions).toFloats();
        if (ids != null) {
            return Predictions.ofClasses(values, ids);
        }
        float[] right = positions ? classesLast(targets.tensor(), true).toFloats() : targets.floats();
        float[] own = right.length == count ? right : Arrays.copyOfRange(right, from, from + count);
        return Predictions.ofValues(values, own, (int) width(meant, answer, positions));
    }

    /** {@code [N, classes, ...]} as {@code [N, positions, classes]}. */
    private static Tensor classesLast(Tensor x, boolean positions) {
        return positions ? x.flatten(2, -1).transpose(1, 2) : x;
    }

    private static long width(Tensor predictions, Answer answer, boolean positions) {
        int rank = predictions.rank();
        if (rank < 2 || answer == Answer.LABELS) {
            return 1;
        }
        if (answer == Answer.CLASS) {
            return predictions.size(positions ? 1 : rank - 1);
        }
        return predictions.elements() / predictions.size(0);
    }
}
