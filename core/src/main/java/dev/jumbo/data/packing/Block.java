package dev.jumbo.data.packing;

import dev.jumbo.data.Row;
import java.util.Arrays;

/** Writes a block, piece by piece: each is some steps of a document, with the ids that follow them. */
final class Block {
    private final PackedFields fields;
    private final DocumentTokens tokens;
    private final Row into;
    private int step;
    private int pieces;

    Block(PackedFields fields, DocumentTokens tokens, Row into) {
        this.fields = fields;
        this.tokens = tokens;
        this.into = into;
    }

    private int target() {
        return fields.masks() ? 3 : 1;
    }

    private long[] longs(int field) {
        return into.longs(field);
    }

    /** Room that is left. */
    int left() {
        return fields.context() - step;
    }

    /** @param from the first step @param steps of the same document @param targets how many of the ids behind each step are learned by it */
    void add(long from, int steps, int targets) {
        tokens.read(from, steps, longs(0), into.offset(0) + step);
        int next = into.offset(target()) + step;
        tokens.readLearned(from + 1, targets, longs(target()), next);
        Arrays.fill(longs(target()), next + targets, next + steps, DocumentTokens.IGNORED);
        mark(steps);
    }

    private void mark(int steps) {
        if (fields.masks()) {
            int position = into.offset(1) + step;
            for (int i = 0; i < steps; i++) {
                longs(1)[position + i] = i;
            }
            int document = into.offset(2) + step;
            Arrays.fill(longs(2), document, document + steps, pieces);
        }
        pieces++;
        step += steps;
    }

    /** Fills up what is left. */
    void finish() {
        int left = left();
        if (left > 0) {
            int first = into.offset(0) + step;
            Arrays.fill(longs(0), first, first + left, fields.padding());
            int next = into.offset(target()) + step;
            Arrays.fill(longs(target()), next, next + left, DocumentTokens.IGNORED);
            mark(left);
        }
    }
}
