package dev.jumbo.text.bpe;

import java.util.Arrays;

/** Ids in the order in which they came. */
public final class Ids {
    private int[] values;
    private int size;

    /** Empty, with room for some. */
    public Ids(int room) {
        values = new int[Math.max(8, room)];
    }

    /** Adds one. */
    public void add(int id) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = id;
    }

    /** Adds the first ones of several. */
    public void addAll(int[] ids, int count) {
        if (values.length - size < count) {
            values = Arrays.copyOf(values, Math.max(2 * size, size + count));
        }
        if (count == 1) { // most words
            values[size++] = ids[0];
            return;
        }
        System.arraycopy(ids, 0, values, size, count);
        size += count;
    }

    /** How many. */
    public int size() {
        return size;
    }

    /** All of them. */
    public int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
