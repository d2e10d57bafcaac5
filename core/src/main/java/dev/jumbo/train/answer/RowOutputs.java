package dev.jumbo.train.answer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a network computed of some rows, each of which has as many values of an output as it has steps.
 *
 * @param values of each output a row-major array, {@code rows} rows long; a row that has fewer values than the longest one is filled up
 *     with zeros behind its own
 * @param rows 1 or more
 * @param counts of each output how many values each row has; null where all rows of all outputs are equally long
 */
public record RowOutputs(
        List<float[]> values, int rows, @Nullable List<int[]> counts) {
    /** Rows that are equally long. */
    public static RowOutputs of(List<float[]> values, int rows) {
        return new RowOutputs(values, rows, null);
    }

    /** Rows of lengths of their own. @param each of each row its outputs */
    public static RowOutputs ofEach(List<List<float[]>> each) {
        int rows = each.size();
        boolean even = true;
        List<int[]> counts = new ArrayList<>();
        List<float[]> values = new ArrayList<>();
        for (int output = 0; output < each.get(0).size(); output++) {
            int at = output;
            int[] own = each.stream().mapToInt(row -> row.get(at).length).toArray();
            int widest = Arrays.stream(own).max().orElse(0);
            float[] all = new float[Math.multiplyExact(widest, rows)];
            for (int row = 0; row < rows; row++) {
                even &= own[row] == widest;
                System.arraycopy(each.get(row).get(at), 0, all, row * widest, own[row]);
            }
            counts.add(own);
            values.add(all);
        }
        return new RowOutputs(values, rows, even ? null : counts);
    }

    /** How many values of an output a row has. */
    public int count(int output, int row) {
        return counts == null ? width(output) : counts.get(output)[row];
    }

    /** Values of an output that the longest row has. */
    public int width(int output) {
        return values.get(output).length / rows;
    }

    /** A row's own values of an output. */
    public float[] row(int output, int row) {
        int from = row * width(output);
        return Arrays.copyOfRange(values.get(output), from, from + count(output, row));
    }

    /** Some of the rows, filled up to the longest of these. */
    public RowOutputs slice(int from, int count) {
        if (count == rows) {
            return this;
        }
        if (counts != null) {
            return ofEach(each(from, count));
        }
        List<float[]> own = new ArrayList<>();
        for (int output = 0; output < values.size(); output++) {
            int width = width(output);
            own.add(Arrays.copyOfRange(values.get(output), from * width, (from + count) * width));
        }
        return of(own, count);
    }

    private List<List<float[]>> each(int from, int count) {
        List<List<float[]>> each = new ArrayList<>(count);
        for (int row = from; row < from + count; row++) {
            List<float[]> own = new ArrayList<>(values.size());
            for (int output = 0; output < values.size(); output++) {
                own.add(row(output, row));
            }
            each.add(own);
        }
        return each;
    }

    /** The rows of several parts, one behind the other. */
    public static RowOutputs join(List<RowOutputs> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        int rows = parts.stream().mapToInt(RowOutputs::rows).sum();
        RowOutputs first = parts.get(0);
        List<float[]> values = new ArrayList<>();
        for (int output = 0; output < first.values.size(); output++) {
            int width = first.width(output);
            int at = output;
            if (parts.stream().anyMatch(part -> part.counts != null || part.width(at) != width)) {
                List<List<float[]>> each = new ArrayList<>();
                parts.forEach(part -> each.addAll(part.each(0, part.rows)));
                return ofEach(each);
            }
            float[] all = new float[Math.multiplyExact(width, rows)];
            int to = 0;
            for (RowOutputs part : parts) {
                float[] own = part.values.get(output);
                System.arraycopy(own, 0, all, to, own.length);
                to += own.length;
            }
            values.add(all);
        }
        return of(values, rows);
    }
}
