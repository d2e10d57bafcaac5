package dev.jumbo.text.sentencepiece;

import java.util.Arrays;

/** Byte strings with ids, found from their beginnings: children of a node are a chain of siblings in order of insertion, the root's a table. */
final class ByteTrie {
    private static final int ROOT = 0;
    private final int[] roots = new int[256];
    private int[] child = new int[1 << 10];
    private int[] sibling = new int[1 << 10];
    private int[] id = new int[1 << 10];
    private byte[] label = new byte[1 << 10];
    private int size = 1;

    ByteTrie() {
        id[ROOT] = -1;
    }

    void put(byte[] key, int value) {
        int node = ROOT;
        for (byte next : key) {
            int found = next(node, next);
            node = found < 0 ? add(node, next) : found;
        }
        id[node] = value;
    }

    private int add(int node, byte next) {
        if (size == child.length) {
            child = Arrays.copyOf(child, 2 * size);
            sibling = Arrays.copyOf(sibling, 2 * size);
            id = Arrays.copyOf(id, 2 * size);
            label = Arrays.copyOf(label, 2 * size);
        }
        int made = size++;
        label[made] = next;
        id[made] = -1;
        if (node == ROOT) {
            roots[Byte.toUnsignedInt(next)] = made;
        } else {
            sibling[made] = child[node];
            child[node] = made;
        }
        return made;
    }

    /** The root. */
    static int root() {
        return ROOT;
    }

    /** The child of a node by a byte. @return -1 where there is none */
    int next(int node, byte by) {
        int at = node == ROOT ? roots[Byte.toUnsignedInt(by)] : child[node];
        while (at != 0 && label[at] != by) {
            at = sibling[at];
        }
        return at == 0 ? -1 : at;
    }

    /** The id of the key that ends at a node; -1 where none does. */
    int id(int node) {
        return id[node];
    }

    /** Bytes of the longest key that begins at a place; 0 where there is none. */
    int longest(byte[] text, int at) {
        int found = 0;
        int node = ROOT;
        for (int i = at; i < text.length; i++) {
            node = next(node, text[i]);
            if (node < 0) {
                break;
            }
            if (id[node] >= 0) {
                found = i + 1 - at;
            }
        }
        return found;
    }
}
