package dev.jumbo.data;

import dev.jumbo.error.Shown;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The values of one field for some examples, in a plain array: example i starts at i times the field's elements. {@link Ragged}
 * ones, and {@link Bytes}, are of examples of different lengths.
 */
@SuppressWarnings("ArrayRecordComponent") // On its way to the network: never compared.
public sealed interface Column {
    /** Zeros for a field of one size, or empty bytes. */
    static Column of(Field field, int rows) {
        if (field.isBytes()) {
            return new Bytes(field, new byte[rows][0]);
        }
        int values = Math.multiplyExact(rows, field.elements());
        return switch (field.dtype()) {
            case FLOAT32 -> new Floats(field, rows, new float[values]);
            case FLOAT64 -> new Doubles(field, rows, new double[values]);
            case INT64 -> new Longs(field, rows, new long[values]);
            default -> new Bools(field, rows, new boolean[values]);
        };
    }

    Field field();

    /** Number of examples. */
    int rows();

    /** The values of a FLOAT32 field; empty for others. The array itself, not a copy. */
    default float[] floats() {
        return new float[0];
    }

    /** The values of a FLOAT64 field; empty for others. The array itself, not a copy. */
    default double[] doubles() {
        return new double[0];
    }

    /** The values of an INT64 field; empty for others. The array itself, not a copy. */
    default long[] longs() {
        return new long[0];
    }

    /** The array of the field's type, as {@link System#arraycopy} takes it. */
    Object values();

    /** A copy of some rows. */
    default Column slice(int from, int count) {
        Column part = of(field(), count);
        int elements = field().isBytes() ? 1 : field().elements();
        System.arraycopy(values(), from * elements, part.values(), 0, count * elements);
        return part;
    }

    /** FLOAT64 values as FLOAT32, rounded to the nearest; a column of another type itself. */
    default Column narrow() {
        return this;
    }

    /** Shape {@code [rows, ...]}. */
    default Shape shape() {
        return field().shape().prepend(rows());
    }

    /** A copy in native memory, in the innermost open scope; FLOAT64 as FLOAT32. */
    Tensor tensor();

    /** Of FLOAT32. */
    record Floats(Field field, int rows, float[] floats) implements Column {
        @Override
        public Object values() {
            return floats;
        }

        @Override
        public Tensor tensor() {
            return Tensor.of(floats, shape());
        }

        @Override
        public String toString() {
            return Column.shown(this, Shown.of(floats));
        }
    }

    /** Of FLOAT64. */
    record Doubles(Field field, int rows, double[] doubles) implements Column {
        @Override
        public Object values() {
            return doubles;
        }

        @Override
        public Column narrow() {
            float[] narrow = new float[doubles.length];
            for (int i = 0; i < narrow.length; i++) {
                narrow[i] = (float) doubles[i];
            }
            return new Floats(field.narrow(), rows, narrow);
        }

        @Override
        public Tensor tensor() {
            return narrow().tensor();
        }

        @Override
        public String toString() {
            return Column.shown(this, Shown.of(doubles));
        }
    }

    /** Of INT64: 64 bits from the file to the tensor. */
    record Longs(Field field, int rows, long[] longs) implements Column {
        @Override
        public Object values() {
            return longs;
        }

        @Override
        public Tensor tensor() {
            return Tensor.of(longs, shape());
        }

        @Override
        public String toString() {
            return Column.shown(this, Shown.of(longs));
        }
    }

    /** Of BOOL, such as masks. */
    record Bools(Field field, int rows, boolean[] bools) implements Column {
        @Override
        public Object values() {
            return bools;
        }

        @Override
        public Tensor tensor() {
            float[] values = new float[bools.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = bools[i] ? 1 : 0;
            }
            return Tensor.of(values, shape()).to(DType.BOOL);
        }

        @Override
        public String toString() {
            return Column.shown(this, Shown.of(bools));
        }
    }

    /** Bytes or texts of any length, one a row: raw data, of which a transform makes tensors. */
    record Bytes(Field field, byte[][] values) implements Column {
        /** Texts in UTF-8. */
        public static Bytes of(Field field, String... texts) {
            return new Bytes(
                    field,
                    Arrays.stream(texts)
                            .map(text -> text.getBytes(StandardCharsets.UTF_8))
                            .toArray(byte[][]::new));
        }

        @Override
        public int rows() {
            return values.length;
        }

        /** The text of a row. */
        public String text(int row) {
            return new String(values[row], StandardCharsets.UTF_8);
        }

        @Override
        public Tensor tensor() {
            throw new IllegalStateException(
                    field.name() + " holds bytes: a transform makes tensors of them before the network");
        }

        @Override
        public String toString() {
            return field.name() + " of bytes "
                    + Shown.of(Arrays.stream(values).mapToInt(row -> row.length).toArray());
        }
    }

    /**
     * Examples of different lengths, one behind the other.
     *
     * @param field a ragged one
     * @param flat the values of all: a column of a field of a single step
     * @param starts where each example begins, in steps, and where the last one ends
     */
    record Ragged(Field field, Column flat, int[] starts) implements Column {
        @Override
        public int rows() {
            return starts.length - 1;
        }

        /** Steps of an example. */
        public int length(int row) {
            return starts[row + 1] - starts[row];
        }

        @Override
        public float[] floats() {
            return flat.floats();
        }

        @Override
        public double[] doubles() {
            return flat.doubles();
        }

        @Override
        public long[] longs() {
            return flat.longs();
        }

        @Override
        public Object values() {
            return flat.values();
        }

        /** Copies the values of an example. @param at where they go in an array of the field's type */
        public void read(int row, Object into, int at) {
            int step = flat.field().elements();
            System.arraycopy(flat.values(), starts[row] * step, into, at, length(row) * step);
        }

        @Override
        public Column slice(int from, int count) {
            int[] own = Arrays.copyOfRange(starts, from, from + count + 1);
            int first = own[0];
            for (int i = 0; i < own.length; i++) {
                own[i] -= first;
            }
            return new Ragged(field, flat.slice(first, own[count]), own);
        }

        @Override
        public Tensor tensor() {
            throw new IllegalStateException(field.name() + " has examples of different lengths: a loader pads them");
        }

        @Override
        public String toString() {
            return field.name() + " of steps from " + Shown.of(starts);
        }
    }

    private static String shown(Column column, String values) {
        return column.field().name() + " " + column.shape() + " " + values;
    }
}
