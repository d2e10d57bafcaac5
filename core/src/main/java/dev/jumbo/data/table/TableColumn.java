package dev.jumbo.data.table;

import org.jspecify.annotations.Nullable;

/** The values of one column of a {@link Table}, any of which may be missing. */
public sealed interface TableColumn permits NumberColumn, TextColumn {
    int size();

    /** The value as text; null where it is missing. Whole numbers have no decimal point. */
    @Nullable
    String text(int row);

    /** The value as a number; NaN where it is missing or not a number. */
    double number(int row);

    /** Replaces a value; null makes it missing. */
    void set(int row, @Nullable String text);

    /** The values of some rows, in the given order, as a copy. */
    TableColumn select(int[] rows);

    /**
     * Whether the value came as a number, as from Parquet, a database or a number of JSON, and not as the text of one: there
     * is nothing about its spelling that could be read in another way.
     */
    boolean isNumber(int row);

    /** The value as a number where it came as one, a text otherwise; null where it is missing. */
    default @Nullable Object value(int row) {
        String text = text(row);
        return text != null && isNumber(row) ? Numbers.exact(text) : text;
    }

    /** What the file says of the column beyond its values; null: nothing. */
    default @Nullable ColumnNote note() {
        return null;
    }

    default boolean isMissing(int row) {
        return text(row) == null;
    }
}
