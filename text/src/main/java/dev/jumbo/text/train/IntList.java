package dev.jumbo.text.train;

import java.util.Arrays;

/** Numbers in the order in which they came. */
final class IntList {
    private int[] values = new int[2];
    private int size;

    /** Adds a number, if it is not the last one. */
    void addOnce(int value) {
        if (size > 0 && values[size - 1] == value) {
            return;
        }
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    int size() {
        return size;
    }

    int get(int at) {
        return values[at];
    }
}
