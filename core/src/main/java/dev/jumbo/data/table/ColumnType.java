package dev.jumbo.data.table;

/** What the values of a column mean. */
public enum ColumnType {
    /** A quantity. */
    NUMBER,
    /** One of a set of texts. */
    CATEGORY,
    /** Free text: not an input of a table model. */
    TEXT,
    /** true, yes, t, y or 1 against false, no, f, n or 0, in any case: as the numbers 1 and 0. */
    BOOLEAN,
    /** Not used. */
    IGNORE
}
