package dev.jumbo.data;

import java.util.List;

/** The place of one example in the columns of a batch: fields in order, inputs first, then targets. */
public final class Row {
    private final List<Column> columns;
    private final int index;

    public Row(List<Column> columns, int index) {
        this.columns = columns;
        this.index = index;
    }

    /** A place for a single example of a dataset; of ragged fields, for the longest one. */
    public static Row single(Dataset dataset) {
        return new Row(Batch.columns(dataset, 1), 0);
    }

    /** Fields of an example. */
    public int fields() {
        return columns.size();
    }

    /** The column that holds a field. */
    public Column column(int field) {
        return columns.get(field);
    }

    /** The array of a FLOAT32 field; this example's values start at {@link #offset}. */
    public float[] floats(int field) {
        return columns.get(field).floats();
    }

    /** The array of a FLOAT64 field; this example's values start at {@link #offset}. */
    public double[] doubles(int field) {
        return columns.get(field).doubles();
    }

    /** Sets the bytes of an example, of a field of bytes or text. The array is not copied. */
    public void bytes(int field, byte[] value) {
        ((Column.Bytes) columns.get(field)).values()[index] = value;
    }

    /** The bytes of an example. */
    public byte[] bytes(int field) {
        return ((Column.Bytes) columns.get(field)).values()[index];
    }

    /** The array of the field's type. */
    public Object values(int field) {
        return columns.get(field).values();
    }

    /** The array of an INT64 field; this example's values start at {@link #offset}. */
    public long[] longs(int field) {
        return columns.get(field).longs();
    }

    /** Where this example's values of a field start in its array. */
    public int offset(int field) {
        Field of = columns.get(field).field();
        return of.isBytes() ? index : index * of.elements();
    }
}
