package dev.jumbo.data;

import dev.jumbo.error.Shown;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;

/** The values of one field for all examples of a batch, in a plain array: example i starts at i times the field's elements. */
public final class Column {
    private final Field field;
    private final int rows;
    private final float[] floats;
    private final double[] doubles;
    private final long[] longs;

    public Column(Field field, int rows) {
        this.field = field;
        this.rows = rows;
        int values = Math.multiplyExact(rows, field.elements());
        floats = new float[field.dtype() == DType.FLOAT32 ? values : 0];
        doubles = new double[field.dtype() == DType.FLOAT64 ? values : 0];
        longs = new long[field.dtype() == DType.INT64 ? values : 0];
    }

    public Field field() {
        return field;
    }

    public int rows() {
        return rows;
    }

    /** The values of a FLOAT32 field; empty for others. The array itself, not a copy. */
    public float[] floats() {
        return floats;
    }

    /** The values of a FLOAT64 field; empty for others. The array itself, not a copy. */
    public double[] doubles() {
        return doubles;
    }

    /** The values of an INT64 field; empty for others. The array itself, not a copy. */
    public long[] longs() {
        return longs;
    }

    /** A copy of some rows. */
    Column slice(int from, int count) {
        Column part = new Column(field, count);
        int elements = field.elements();
        System.arraycopy(floats, floats.length == 0 ? 0 : from * elements, part.floats, 0, part.floats.length);
        System.arraycopy(doubles, doubles.length == 0 ? 0 : from * elements, part.doubles, 0, part.doubles.length);
        System.arraycopy(longs, longs.length == 0 ? 0 : from * elements, part.longs, 0, part.longs.length);
        return part;
    }

    @Override
    public String toString() {
        return field.name() + " " + shape() + " " + Shown.of(values());
    }

    /** The array of the field's type, as {@link System#arraycopy} takes it. */
    Object values() {
        return switch (field.dtype()) {
            case FLOAT32 -> floats;
            case FLOAT64 -> doubles;
            default -> longs;
        };
    }

    /** FLOAT64 values as FLOAT32, rounded to the nearest; a column of another type itself. */
    Column narrow() {
        if (field.dtype() != DType.FLOAT64) {
            return this;
        }
        Column narrow = new Column(field.narrow(), rows);
        for (int i = 0; i < doubles.length; i++) {
            narrow.floats[i] = (float) doubles[i];
        }
        return narrow;
    }

    /** Shape {@code [rows, ...]}. */
    public Shape shape() {
        return field.shape().prepend(rows);
    }

    /** A copy in native memory, in the innermost open scope; FLOAT64 as FLOAT32. */
    public Tensor tensor() {
        return field.dtype() == DType.INT64 ? Tensor.of(longs, shape()) : Tensor.of(narrow().floats, shape());
    }
}
