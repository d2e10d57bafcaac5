package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prepared inputs as a {@link dev.jumbo.train.infer.SteadyEngine} takes them. */
final class PreparedInputs {
    private PreparedInputs() {}

    /**
     * What callers give, when it fits.
     *
     * @throws InputException if it does not
     */
    static List<?> checked(List<Field> fields, List<?> inputs, int rows) {
        if (inputs.size() != fields.size()) {
            throw new InputException("expected " + fields.size() + " inputs, received " + inputs.size());
        }
        if (rows < 1) {
            throw new InputException("expected one row or more to predict, received " + rows);
        }
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).isRagged()) {
                requireSequences(fields.get(i), inputs.get(i), rows);
            } else {
                requireValues(fields.get(i), inputs.get(i), rows);
            }
        }
        return inputs;
    }

    private static void requireValues(Field field, Object values, int rows) {
        int length = length(values, field, "");
        if (length != Math.multiplyExact((long) rows, field.elements())) {
            throw new InputException(
                    "expected " + Math.multiplyExact((long) rows, field.elements()) + " values for the " + rows
                            + (rows == 1 ? " row" : " rows") + " of the input " + field + ", received " + length);
        }
    }

    private static void requireSequences(Field field, Object given, int rows) {
        if (!(given instanceof float[][] || given instanceof long[][])) {
            int length = length(given, field, " or an array of these, one a row,");
            if (length % Math.multiplyExact(rows, field.unit()) != 0) {
                throw new InputException(
                        "expected " + rows + " rows of the input " + field + ", received " + length + " values");
            }
            requireSteps(field, length / rows, "each row");
            requireIds(field, given, "");
            return;
        }
        Object[] each = (Object[]) given;
        if (each.length != rows) {
            throw new InputException(
                    "expected " + rows + " rows of the input " + field + ", received " + each.length + " arrays");
        }
        for (int i = 0; i < rows; i++) {
            requireSteps(field, length(each[i], field, " or an array of these, one a row,"), "row " + i);
            requireIds(field, each[i], "row " + i + ": ");
        }
    }

    private static void requireSteps(Field field, int held, String row) {
        int unit = field.unit();
        if (held == 0 || held % unit != 0 || held / unit > field.shape().size(0)) {
            throw new InputException("expected 1 to " + field.shape().size(0) + " steps of " + unit
                    + " in each row of the input " + field.name() + ", received " + held + " values in " + row
                    + "; shorten the row, or leave it out");
        }
    }

    private static void requireIds(Field field, Object given, String place) {
        if (given instanceof long[] ids) {
            SequenceRows.requireIds(field, ids, place);
        } else if (given instanceof LongBuffer buffer) {
            long[] ids = new long[buffer.remaining()];
            buffer.duplicate().get(ids);
            SequenceRows.requireIds(field, ids, place);
        }
    }

    private static int length(@Nullable Object values, Field field, String or) {
        boolean ids = field.dtype() == DType.INT64;
        if (ids && values instanceof long[] longs) {
            return longs.length;
        }
        if (!ids && values instanceof float[] floats) {
            return floats.length;
        }
        if (values instanceof Buffer buffer && (ids ? buffer instanceof LongBuffer : buffer instanceof FloatBuffer)) {
            return buffer.remaining();
        }
        throw new InputException("expected " + (ids ? "long[]" : "float[]") + or + " for the input " + field.name()
                + ", received " + (values == null ? "null" : values.getClass().getSimpleName()));
    }

    /**
     * Those of a loader's batch, each row of a ragged one without its padding.
     *
     * @param fields inputs of the network
     */
    static List<Object> of(List<Field> fields, Batch batch) {
        List<Object> inputs = new ArrayList<>();
        int masks = 0;
        for (int i = 0; i < fields.size(); i++) {
            Column column = batch.inputs().get(i);
            Column narrow = column.field().dtype() == DType.FLOAT64 ? column.narrow() : column;
            inputs.add(
                    fields.get(i).isRagged()
                            ? rows(narrow, (Column.Bools) batch.sides().get(masks++))
                            : narrow.values());
        }
        return inputs;
    }

    private static Object rows(Column padded, Column.Bools mask) {
        int rows = padded.rows();
        int longest = mask.bools().length / rows;
        int unit = padded.field().elements() / longest;
        boolean ids = padded.field().dtype() == DType.INT64;
        Object[] each = ids ? new long[rows][] : new float[rows][];
        for (int row = 0; row < rows; row++) {
            int steps = 0;
            while (steps < longest && mask.bools()[row * longest + steps]) {
                steps++;
            }
            int from = row * longest * unit;
            each[row] = ids
                    ? Arrays.copyOfRange(padded.longs(), from, from + steps * unit)
                    : Arrays.copyOfRange(padded.floats(), from, from + steps * unit);
        }
        return each;
    }
}
