package dev.jumbo.text.wordpiece;

import java.util.Arrays;

/** Pieces of ASCII by their letters, from one of two roots: a table with open addressing from a node and a letter to the next node. */
final class PieceTable {
    /** Where pieces that begin a word begin. */
    static final int FIRST = 0;
    /** Where pieces within a word begin. */
    static final int WITHIN = 1;

    private static final int LETTER_BITS = 7;
    private static final int FREE = -1;

    private int[] keys = new int[1 << 16];
    private int[] next = new int[1 << 16];
    private int[] ids = new int[1 << 15];
    private int nodes = 2;

    PieceTable() {
        Arrays.fill(keys, FREE);
        Arrays.fill(ids, -1);
    }

    /** Adds a piece. @param root where it begins */
    void put(int root, String piece, int id) {
        int node = root;
        for (int i = 0; i < piece.length(); i++) {
            int found = next(node, piece.charAt(i));
            node = found < 0 ? add(node, piece.charAt(i)) : found;
        }
        ids[node] = id;
    }

    private int add(int node, char letter) {
        if (nodes == ids.length) {
            grow();
        }
        int key = node << LETTER_BITS | letter;
        int slot = slot(key);
        keys[slot] = key;
        next[slot] = nodes;
        return nodes++;
    }

    private void grow() {
        int before = ids.length;
        ids = Arrays.copyOf(ids, 2 * before);
        Arrays.fill(ids, before, ids.length, -1);
        int[] oldKeys = keys;
        int[] oldNext = next;
        keys = new int[2 * oldKeys.length];
        next = new int[keys.length];
        Arrays.fill(keys, FREE);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != FREE) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                next[slot] = oldNext[i];
            }
        }
    }

    private int slot(int key) {
        int mask = keys.length - 1;
        int mixed = key * 0x9e3779b9;
        int at = (mixed ^ mixed >>> 15) & mask;
        while (keys[at] != FREE && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    /** The node behind one; -1 where there is none. */
    int next(int node, char letter) {
        int slot = slot(node << LETTER_BITS | letter);
        return keys[slot] == FREE ? -1 : next[slot];
    }

    /** The piece that ends at a node; -1 where none does. */
    int id(int node) {
        return ids[node];
    }
}
