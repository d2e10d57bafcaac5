package dev.jumbo.data.sets;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.data.Row;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Examples of different lengths in arrays in memory:
 *
 * <pre>{@code
 * RaggedDataset.of(Field.tokens("words", 5000, 0, 200), ids, Field.classId("topic", names), topics)
 * }</pre>
 *
 * with {@code long[][] ids}, one array an example. The values are copied once. A {@link Loader} pads the examples of a batch to
 * the longest of them, and says by {@link Batch#MASK} which steps are real.
 */
public final class RaggedDataset implements Dataset {
    private final List<Column> columns;
    private final int inputs;

    private RaggedDataset(List<Column> columns, int inputs) {
        this.columns = columns;
        this.inputs = inputs;
    }

    /** Columns with the same number of rows, ragged or not; at least one input. */
    public static RaggedDataset of(List<Column> inputs, List<Column> targets) {
        if (inputs.isEmpty()) {
            throw new InputException("expected at least one input column, received none");
        }
        List<Column> all = Stream.concat(inputs.stream(), targets.stream()).toList();
        for (Column column : all) {
            if (column.rows() != all.get(0).rows()) {
                throw new InputException("expected " + all.get(0).rows() + " examples in the field "
                        + column.field().name() + ", received " + column.rows());
            }
        }
        return new RaggedDataset(all, inputs.size());
    }

    /** Sequences of ids and a class for each, such as texts by topic. */
    public static RaggedDataset of(Field input, long[][] ids, Field target, long[] classIds) {
        return of(List.of(column(input, ids)), List.of(ArrayDataset.column(target, classIds)));
    }

    /** Sequences of ids and sequences of ids, such as tokens and those that follow them. */
    public static RaggedDataset of(Field input, long[][] ids, Field target, long[][] targets) {
        return of(List.of(column(input, ids)), List.of(column(target, targets)));
    }

    /** Sequences of ids and a number for each. */
    public static RaggedDataset of(Field input, long[][] ids, Field target, float[] numbers) {
        return of(List.of(column(input, ids)), List.of(ArrayDataset.column(target, numbers)));
    }

    /** Sequences of numbers, each {@code [steps, values]} in row-major order, and a class for each. */
    public static RaggedDataset of(Field input, float[][] values, Field target, long[] classIds) {
        return of(List.of(column(input, values)), List.of(ArrayDataset.column(target, classIds)));
    }

    /** A column of a ragged INT64 field, an array for each example. */
    public static Column column(Field field, long[][] examples) {
        int[] starts = starts(field, examples, example -> example.length);
        Column flat = Column.of(flat(field), starts[examples.length]);
        for (int i = 0; i < examples.length; i++) {
            System.arraycopy(examples[i], 0, flat.longs(), starts[i] * field.unit(), examples[i].length);
        }
        return new Column.Ragged(field, flat, starts);
    }

    /** A column of a ragged FLOAT32 field, an array for each example. */
    public static Column column(Field field, float[][] examples) {
        int[] starts = starts(field, examples, example -> example.length);
        Column flat = Column.of(flat(field), starts[examples.length]);
        for (int i = 0; i < examples.length; i++) {
            System.arraycopy(examples[i], 0, flat.floats(), starts[i] * field.unit(), examples[i].length);
        }
        return new Column.Ragged(field, flat, starts);
    }

    private static Field flat(Field field) {
        return new Field(field.name(), field.spec().with(field.shape().without(0)), field.meaning());
    }

    private static <T> int[] starts(Field field, T[] examples, ToIntFunction<T> values) {
        if (!field.isRagged()) {
            throw new InputException(
                    field.name() + ": expected a ragged field for examples of different lengths, received " + field
                            + "; make it by Field.tokens, or by ragged(longest)");
        }
        int[] starts = new int[examples.length + 1];
        for (int i = 0; i < examples.length; i++) {
            int held = values.applyAsInt(examples[i]);
            int steps = held / field.unit();
            if (steps * field.unit() != held
                    || steps < 1
                    || steps > field.shape().size(0)) {
                throw new InputException(field.name() + ": expected 1 to "
                        + field.shape().size(0) + " steps of " + field.unit() + " in an example, received " + held
                        + " values in example " + i
                        + (steps > field.shape().size(0)
                                ? "; declare a longer field, or shorten by Truncated.of"
                                : "; leave empty examples out"));
            }
            starts[i + 1] = Math.addExact(starts[i], steps);
        }
        return starts;
    }

    @Override
    public int size() {
        return columns.get(0).rows();
    }

    @Override
    public List<Field> inputs() {
        return fields(columns.subList(0, inputs));
    }

    @Override
    public List<Field> targets() {
        return fields(columns.subList(inputs, columns.size()));
    }

    private static List<Field> fields(List<Column> columns) {
        return columns.stream().map(Column::field).toList();
    }

    @Override
    public int length(int index, int field) {
        return ((Column.Ragged) columns.get(field)).length(index);
    }

    @Override
    public void read(int index, Row into) {
        for (int f = 0; f < columns.size(); f++) {
            if (columns.get(f) instanceof Column.Ragged ragged) {
                ragged.read(index, into.values(f), into.offset(f));
            } else {
                int elements = columns.get(f).field().isBytes()
                        ? 1
                        : columns.get(f).field().elements();
                System.arraycopy(columns.get(f).values(), index * elements, into.values(f), into.offset(f), elements);
            }
        }
    }

    @Override
    public String fingerprint() {
        MessageDigest sha = Sha256.digest();
        for (Column column : columns) {
            Column flat = column instanceof Column.Ragged ragged ? ragged.flat() : column;
            sha.update(ArrayDataset.of(List.of(flat), List.of()).fingerprint().getBytes(StandardCharsets.US_ASCII));
            if (column instanceof Column.Ragged ragged) {
                ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES);
                for (int start : ragged.starts()) {
                    sha.update(bytes.putInt(0, start).array());
                }
            }
        }
        return Sha256.hex(sha);
    }

    @Override
    public String toString() {
        return size() + " examples with " + inputs() + " and the targets " + targets();
    }
}
