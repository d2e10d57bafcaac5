package dev.jumbo.data.table;

/**
 * What a file says of a column that its values do not say.
 *
 * @param what as in {@code lists (DOUBLE[])} or {@code durations in microseconds}
 * @param nested whether a value holds others, so that no single input of a model can take it
 */
public record ColumnNote(String what, boolean nested) {
    /** Values that hold others: lists, objects, maps. */
    public static ColumnNote nested(String what) {
        return new ColumnNote(what, true);
    }

    /** Numbers of a unit. */
    public static ColumnNote unit(String what) {
        return new ColumnNote(what, false);
    }
}
