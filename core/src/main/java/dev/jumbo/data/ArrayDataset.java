package dev.jumbo.data;

import dev.jumbo.error.InputException;
import dev.jumbo.files.Sha256;
import dev.jumbo.tensor.DType;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

/**
 * Examples in arrays in memory: {@code ArrayDataset.of(floats("x", Shape.of(2)), values, classId("y", names), ids)}.
 * The values are copied once.
 */
public final class ArrayDataset implements Dataset {
    private final List<Column> inputs;
    private final List<Column> targets;
    private final int size;

    private ArrayDataset(List<Column> inputs, List<Column> targets) {
        this.inputs = List.copyOf(inputs);
        this.targets = List.copyOf(targets);
        size = inputs.get(0).rows();
        for (Column column : Stream.concat(inputs.stream(), targets.stream()).toList()) {
            if (column.rows() != size) {
                throw new InputException("expected " + size + " examples in the field "
                        + column.field().name() + ", received " + column.rows());
            }
        }
    }

    /** Inputs and targets with the same number of rows, at least one input. */
    public static ArrayDataset of(List<Column> inputs, List<Column> targets) {
        if (inputs.isEmpty()) {
            throw new InputException("expected at least one input column, received none");
        }
        return new ArrayDataset(inputs, targets);
    }

    /** Numbers and class ids, the usual classification. */
    public static ArrayDataset of(Field input, float[] values, Field target, long[] ids) {
        return of(List.of(column(input, values)), List.of(column(target, ids)));
    }

    /** Numbers and numbers, the usual regression. */
    public static ArrayDataset of(Field input, float[] values, Field target, float[] numbers) {
        return of(List.of(column(input, values)), List.of(column(target, numbers)));
    }

    /** A column of a FLOAT32 field from row-major values. */
    public static Column column(Field field, float[] values) {
        Column column = Column.of(field, rows(field, DType.FLOAT32, values.length));
        System.arraycopy(values, 0, column.floats(), 0, values.length);
        return column;
    }

    /** A column of a FLOAT64 field from row-major values. */
    public static Column column(Field field, double[] values) {
        Column column = Column.of(field, rows(field, DType.FLOAT64, values.length));
        System.arraycopy(values, 0, column.doubles(), 0, values.length);
        return column;
    }

    /** A column of an INT64 field from row-major values. */
    public static Column column(Field field, long[] values) {
        Column column = Column.of(field, rows(field, DType.INT64, values.length));
        System.arraycopy(values, 0, column.longs(), 0, values.length);
        return column;
    }

    private static int rows(Field field, DType dtype, int values) {
        int elements = field.elements();
        if (field.dtype() != dtype || elements == 0 || values % elements != 0) {
            throw new InputException("expected " + field.dtype() + " values of shape " + field.shape()
                    + " an example for the field " + field.name() + ", received " + values + " " + dtype + " values");
        }
        return values / elements;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<Field> inputs() {
        return inputs.stream().map(Column::field).toList();
    }

    @Override
    public List<Field> targets() {
        return targets.stream().map(Column::field).toList();
    }

    @Override
    public void read(int index, Row into) {
        for (int f = 0; f < inputs.size() + targets.size(); f++) {
            Column column = f < inputs.size() ? inputs.get(f) : targets.get(f - inputs.size());
            int elements = column.field().elements();
            System.arraycopy(column.values(), index * elements, into.values(f), into.offset(f), elements);
        }
    }

    @Override
    public String toString() {
        return size + " examples with " + inputs() + " and the targets " + targets();
    }

    @Override
    public String fingerprint() {
        MessageDigest sha = Sha256.digest();
        Stream.concat(inputs.stream(), targets.stream()).forEach(column -> {
            ByteBuffer bytes = ByteBuffer.allocate(8);
            for (float value : column.floats()) {
                sha.update(bytes.putFloat(0, value).array(), 0, 4);
            }
            for (double value : column.doubles()) {
                sha.update(bytes.putDouble(0, value).array(), 0, 8);
            }
            if (column instanceof Column.Bytes texts) {
                for (byte[] text : texts.values()) {
                    sha.update(bytes.putLong(0, text.length).array(), 0, 8);
                    sha.update(text);
                }
            }
            for (long value : column.longs()) {
                sha.update(bytes.putLong(0, value).array(), 0, 8);
            }
        });
        return Sha256.hex(sha);
    }
}
