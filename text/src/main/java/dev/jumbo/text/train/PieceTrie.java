package dev.jumbo.text.train;

import java.util.Arrays;

/** Pieces by their characters: a table from a node and a character to the next node. */
final class PieceTrie {
    private static final long FREE = -1;
    private static final int BITS = 21;

    private final long[] keys;
    private final int[] nodes;
    /** The piece that ends at a node; -1 for none. */
    private final int[] pieces;

    PieceTrie(int[][] all) {
        int letters = 1;
        for (int[] piece : all) {
            letters += piece.length;
        }
        keys = new long[Integer.highestOneBit(Math.max(16, letters)) * 4];
        nodes = new int[keys.length];
        pieces = new int[letters + 1];
        Arrays.fill(keys, FREE);
        Arrays.fill(pieces, -1);
        int made = 1;
        for (int id = 0; id < all.length; id++) {
            int node = 0;
            for (int letter : all[id]) {
                int slot = slot(node, letter);
                if (keys[slot] == FREE) {
                    keys[slot] = (long) node << BITS | letter;
                    nodes[slot] = made++;
                }
                node = nodes[slot];
            }
            pieces[node] = id;
        }
    }

    private int slot(int node, int letter) {
        long key = (long) node << BITS | letter;
        int mask = keys.length - 1;
        int at = (int) ((key * 0x9e3779b97f4a7c15L) >>> 32) & mask;
        while (keys[at] != FREE && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    /** The node behind one; -1 where there is none. */
    int next(int node, int letter) {
        int slot = slot(node, letter);
        return keys[slot] == FREE ? -1 : nodes[slot];
    }

    int piece(int node) {
        return pieces[node];
    }
}
