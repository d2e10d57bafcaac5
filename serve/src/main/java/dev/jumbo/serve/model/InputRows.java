package dev.jumbo.serve.model;

import dev.jumbo.data.Column;
import dev.jumbo.error.FailureException;
import dev.jumbo.train.infer.SizedRow;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of the inputs of a {@link ServedModel.Request}: parts of one request, and those of several joined. An input is a flat array of
 * equally long rows, an array of arrays, or a {@link Column}.
 */
public final class InputRows {
    private InputRows() {}

    /** Some rows of each input. @param rows that the inputs have */
    public static List<?> slice(List<?> inputs, int rows, int from, int count) {
        return count == rows
                ? inputs
                : inputs.stream().map(input -> slice(input, rows, from, count)).toList();
    }

    private static Object slice(Object input, int rows, int from, int count) {
        if (input instanceof Column column) {
            return column.slice(from, count);
        }
        int each = Array.getLength(input) / rows;
        int begin = from * each;
        int end = begin + count * each;
        if (input instanceof float[] floats) {
            return Arrays.copyOfRange(floats, begin, end);
        }
        if (input instanceof long[] longs) {
            return Arrays.copyOfRange(longs, begin, end);
        }
        if (input instanceof Object[] parts) {
            return Arrays.copyOfRange(parts, from, from + count);
        }
        throw unknown(input);
    }

    /** The rows of several requests to one model, one behind the other. */
    public static List<?> join(List<List<?>> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        List<Object> joined = new ArrayList<>();
        for (int input = 0; input < parts.get(0).size(); input++) {
            int at = input;
            joined.add(joined(parts.stream().<Object>map(part -> part.get(at)).toList()));
        }
        return joined;
    }

    private static Object joined(List<Object> parts) {
        Object first = parts.get(0);
        if (first instanceof Column) {
            return columns(parts.stream().map(Column.class::cast).toList());
        }
        if (first instanceof float[] || first instanceof long[] || first instanceof Object[]) {
            return arrays(parts);
        }
        throw unknown(first);
    }

    private static Object arrays(List<Object> parts) {
        int length = parts.stream().mapToInt(Array::getLength).sum();
        Object all = Array.newInstance(parts.get(0).getClass().getComponentType(), length);
        int at = 0;
        for (Object part : parts) {
            int own = Array.getLength(part);
            System.arraycopy(part, 0, all, at, own);
            at += own;
        }
        return all;
    }

    private static Column columns(List<Column> parts) {
        Column first = parts.get(0);
        int rows = parts.stream().mapToInt(Column::rows).sum();
        if (first instanceof Column.Bytes bytes) {
            Object values = arrays(parts.stream().<Object>map(Column::values).toList());
            return new Column.Bytes(bytes.field(), (byte[][]) values);
        }
        if (first instanceof Column.Ragged ragged) {
            int[] starts = new int[rows + 1];
            int row = 0;
            for (Column part : parts) {
                for (int i = 0; i < part.rows(); i++) {
                    starts[row + 1] = starts[row] + ((Column.Ragged) part).length(i);
                    row++;
                }
            }
            List<Column> flat =
                    parts.stream().map(part -> ((Column.Ragged) part).flat()).toList();
            return new Column.Ragged(ragged.field(), columns(flat), starts);
        }
        Column all = Column.of(first.field(), rows);
        int at = 0;
        for (Column part : parts) {
            int own = Array.getLength(part.values());
            System.arraycopy(part.values(), 0, all.values(), at, own);
            at += own;
        }
        return all;
    }

    /** About how many bytes of the heap the inputs take. */
    public static long bytes(List<?> inputs) {
        return inputs.stream().mapToLong(InputRows::bytes).sum();
    }

    private static long bytes(Object input) {
        if (input instanceof Column.Bytes column) {
            return Arrays.stream(column.values())
                    .mapToLong(row -> row.length + 16L)
                    .sum();
        }
        if (input instanceof Column column) {
            return 8L * Array.getLength(column.values()) + 4L * column.rows();
        }
        if (input instanceof SizedRow row) {
            return bytes(row.values()) + 32;
        }
        if (input instanceof Object[] parts) {
            return Arrays.stream(parts).mapToLong(InputRows::bytes).sum() + 20L * parts.length;
        }
        return (input instanceof float[] ? 4L : 8L) * Array.getLength(input);
    }

    private static FailureException unknown(Object input) {
        return new FailureException("expected arrays or columns as inputs, received "
                + input.getClass().getSimpleName());
    }
}
