package dev.jumbo.train.infer;

import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of inputs in arrays and buffers, as an {@link Engine} takes them. */
final class Rows {
    private Rows() {}

    /** How many values there are. */
    static int length(Object values) {
        if (values instanceof float[] floats) {
            return floats.length;
        }
        if (values instanceof long[] longs) {
            return longs.length;
        }
        return ((Buffer) values).remaining();
    }

    /** Some of the rows: a view of a buffer, a copy of an array. */
    static Object slice(Object values, int rows, int from, int count) {
        int each = length(values) / rows;
        if (from == 0 && count == rows) {
            return values;
        }
        if (values instanceof float[] floats) {
            return Arrays.copyOfRange(floats, from * each, (from + count) * each);
        }
        if (values instanceof long[] longs) {
            return Arrays.copyOfRange(longs, from * each, (from + count) * each);
        }
        if (values instanceof FloatBuffer floats) {
            return floats.slice(floats.position() + from * each, count * each);
        }
        LongBuffer longs = (LongBuffer) values;
        return longs.slice(longs.position() + from * each, count * each);
    }

    /** As {@link #slice(Object, int, int, int)}, of each input. */
    static List<Object> slice(List<?> inputs, int rows, int from, int count) {
        List<Object> parts = new ArrayList<>(inputs.size());
        for (Object input : inputs) {
            parts.add(slice(input, rows, from, count));
        }
        return parts;
    }

    /**
     * Rows of their own arrays ({@code float[][]}, {@code long[][]}), or of one, in one array.
     *
     * @param of which rows, in order
     */
    static Object gather(Object values, int rows, int[] of) {
        if (values instanceof float[][] each) {
            int width = each[of[0]].length;
            float[] all = new float[of.length * width];
            for (int i = 0; i < of.length; i++) {
                System.arraycopy(each[of[i]], 0, all, i * width, width);
            }
            return all;
        }
        if (values instanceof long[][] each) {
            int width = each[of[0]].length;
            long[] all = new long[of.length * width];
            for (int i = 0; i < of.length; i++) {
                System.arraycopy(each[of[i]], 0, all, i * width, width);
            }
            return all;
        }
        int width = length(values) / rows;
        if (values instanceof float[] || values instanceof FloatBuffer) {
            FloatBuffer from = values instanceof float[] array ? FloatBuffer.wrap(array) : (FloatBuffer) values;
            float[] all = new float[of.length * width];
            for (int i = 0; i < of.length; i++) {
                from.get(from.position() + of[i] * width, all, i * width, width);
            }
            return all;
        }
        LongBuffer from = values instanceof long[] array ? LongBuffer.wrap(array) : (LongBuffer) values;
        long[] all = new long[of.length * width];
        for (int i = 0; i < of.length; i++) {
            from.get(from.position() + of[i] * width, all, i * width, width);
        }
        return all;
    }
}
