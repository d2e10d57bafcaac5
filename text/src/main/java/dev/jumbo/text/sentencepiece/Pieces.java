package dev.jumbo.text.sentencepiece;

import java.util.Arrays;

/** Ids of pieces and where each ends in a text, growing. */
final class Pieces {
    private int[] ids = new int[64];
    private int[] ends = new int[64];
    private int size;

    void add(int id, int end) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
        }
        ids[size] = id;
        ends[size++] = end;
    }

    int size() {
        return size;
    }

    int id(int index) {
        return ids[index];
    }

    int end(int index) {
        return ends[index];
    }

    void reverse() {
        for (int i = 0, j = size - 1; i < j; i++, j--) {
            int id = ids[i];
            ids[i] = ids[j];
            ids[j] = id;
            int end = ends[i];
            ends[i] = ends[j];
            ends[j] = end;
        }
    }
}
