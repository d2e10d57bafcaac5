package dev.jumbo.data.language;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Row;
import dev.jumbo.error.InputException;
import java.util.Arrays;
import java.util.List;

/**
 * Windows one behind the other, so that every token but the first is a target exactly once: of T tokens {@code ceil((T - 1) / context)}
 * windows. The last one is filled up, its targets with {@link NextTokens#IGNORED}. The mean loss over them is the loss of the whole text,
 * where a token sees those of its window alone.
 */
public final class AllWindows implements Dataset {
    private final TokenSequence sequence;
    private final NextTokens window;
    private final int size;

    /** @throws InputException if there is no token to predict, or there are more than 2<sup>31</sup> - 9 windows */
    public AllWindows(TokenSequence sequence, NextTokens window) {
        window.require(sequence, 1, "text");
        this.sequence = sequence;
        this.window = window;
        long windows = (sequence.tokens() - 2) / window.context() + 1;
        if (windows > Integer.MAX_VALUE - 8) {
            throw new InputException("expected at most " + (Integer.MAX_VALUE - 8) + " windows, received " + windows
                    + "; use a longer context, or a part of the text");
        }
        size = (int) windows;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<Field> inputs() {
        return window.inputs();
    }

    @Override
    public List<Field> targets() {
        return window.targets();
    }

    @Override
    public void read(int index, Row into) {
        int context = window.context();
        long from = (long) index * context;
        int held = (int) Math.min(context, sequence.tokens() - 1 - from);
        long[] tokens = into.longs(0);
        int first = into.offset(0);
        long[] next = into.longs(1);
        int firstNext = into.offset(1);
        sequence.read(from, held, tokens, first);
        System.arraycopy(tokens, first + 1, next, firstNext, held - 1);
        sequence.read(from + held, 1, next, firstNext + held - 1);
        Arrays.fill(tokens, first + held, first + context, 0);
        Arrays.fill(next, firstNext + held, firstNext + context, NextTokens.IGNORED);
    }

    @Override
    public String fingerprint() {
        return sequence.fingerprint() + "[all windows of " + window.context() + "]";
    }
}
