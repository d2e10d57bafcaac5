package dev.jumbo.data.table;

import dev.jumbo.error.InputException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Numbers; NaN is a missing one. */
public final class NumberColumn implements TableColumn {
    private final double[] values;
    private final @Nullable ColumnNote note;

    private NumberColumn(double[] values, @Nullable ColumnNote note) {
        this.values = values;
        this.note = note;
    }

    /** A column that holds this array, not a copy. */
    public static NumberColumn of(double... values) {
        return new NumberColumn(values, null);
    }

    /** This column, its values not copied, with what the file says of it. */
    public NumberColumn with(@Nullable ColumnNote said) {
        return new NumberColumn(values, said);
    }

    @Override
    public @Nullable ColumnNote note() {
        return note;
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public @Nullable String text(int row) {
        return Double.isNaN(values[row]) ? null : Numbers.format(values[row]);
    }

    @Override
    public double number(int row) {
        return values[row];
    }

    @Override
    public boolean isMissing(int row) {
        return Double.isNaN(values[row]);
    }

    @Override
    public boolean isNumber(int row) {
        return !Double.isNaN(values[row]);
    }

    /** @throws InputException if the text is not a number */
    @Override
    public void set(int row, @Nullable String text) {
        double value = text == null ? Double.NaN : Numbers.parse(text);
        if (text != null && Double.isNaN(value)) {
            throw new InputException("expected a number, received \"" + text + "\"");
        }
        values[row] = value;
    }

    @Override
    public NumberColumn select(int[] rows) {
        return new NumberColumn(
                Arrays.stream(rows).mapToDouble(row -> values[row]).toArray(), note);
    }
}
