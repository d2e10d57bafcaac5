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

    default boolean isMissing(int row) {
        return text(row) == null;
    }
}
