package dev.jumbo.train;

import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ragged input to be predicted, padded as training pads it.
 *
 * @param values of all rows, each padded to the longest
 * @param mask true where a step is real
 */
record SequenceInput(Column values, Column.Bools mask) {
    /**
     * @param given an array for each row ({@code long[][]}, {@code float[][]}), or one array of rows that are equally long
     * @throws InputException if it is none of these, or a row is empty or longer than the field says
     */
    static SequenceInput of(Field field, Object given, int rows) {
        boolean ids = field.dtype() == DType.INT64;
        @Nullable
        Object @Nullable [] parts = given instanceof long[][] || given instanceof float[][] ? (Object[]) given : null;
        int unit = field.unit();
        int[] lengths = new int[rows];
        if (parts != null ? parts.length != rows : length(given, ids, field) % Math.multiplyExact(rows, unit) != 0) {
            throw new InputException("expected " + rows + " rows of the input " + field + ", received "
                    + (parts == null ? length(given, ids, field) + " values" : parts.length + " arrays"));
        }
        for (int i = 0; i < rows; i++) {
            int held = parts == null ? length(given, ids, field) / rows : length(parts[i], ids, field);
            lengths[i] = held / unit;
            if (parts != null && parts[i] instanceof long[] own) {
                SequenceRows.requireIds(field, own, "row " + i + ": ");
            }
            if (held == 0 || held % unit != 0 || lengths[i] > field.shape().size(0)) {
                throw new InputException("expected 1 to " + field.shape().size(0) + " steps of " + unit
                        + " in each row of the input " + field.name() + ", received " + held + " values in row " + i
                        + "; shorten the row, or leave it out");
            }
        }
        int longest = Arrays.stream(lengths).max().orElse(1);
        if (parts == null && given instanceof long[] flat) {
            SequenceRows.requireIds(field, flat, "");
        }
        Column column = Column.of(field.padded(longest), rows);
        if (field.meaning().padding() != 0) {
            Arrays.fill(column.longs(), field.meaning().padding());
        }
        boolean[] real = new boolean[rows * longest];
        for (int i = 0; i < rows; i++) {
            int values = lengths[i] * unit;
            System.arraycopy(
                    parts == null ? given : parts[i],
                    parts == null ? i * values : 0,
                    column.values(),
                    i * longest * unit,
                    values);
            Arrays.fill(real, i * longest, i * longest + lengths[i], true);
        }
        Field mask = new Field("mask", Shape.of(longest), DType.BOOL, List.of());
        return new SequenceInput(column, new Column.Bools(mask, rows, real));
    }

    private static int length(@Nullable Object values, boolean ids, Field field) {
        if (ids && values instanceof long[] longs) {
            return longs.length;
        }
        if (!ids && values instanceof float[] floats) {
            return floats.length;
        }
        throw new InputException("expected " + (ids ? "long[]" : "float[]")
                + " or an array of these, one a row, for the input " + field.name() + ", received "
                + (values == null ? "null" : values.getClass().getSimpleName()));
    }

    /** In native memory, in the innermost open scope. */
    Tensor tensor() {
        return values.tensor();
    }
}
