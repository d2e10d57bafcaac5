package dev.jumbo.text;

import dev.jumbo.error.InputException;
import java.util.Arrays;
import java.util.List;

/**
 * A text as tokens, with what models and their users ask of each. All arrays are of one length.
 *
 * @param ids of the tokens
 * @param types which segment a token is of: 0, or what the marks say of a second text (BERT: 1)
 * @param texts which of the given texts a token is from: 0 or 1; negative of a mark or of padding
 * @param starts where a token begins in its text, in Java's {@code char}s, so that {@code text.substring(start, end)} is what it stands for; 0 of a mark
 * @param ends behind it
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by their contents below.
public record Encoding(int[] ids, int[] types, int[] texts, int[] starts, int[] ends) {
    /** Which end of a text is cut, or filled up. */
    public enum Side {
        LEFT,
        RIGHT
    }

    /** Of {@code texts}: a mark, and what is filled up with. */
    static final int MARK = -1;

    private static final int PADDING = -2;

    public Encoding {
        if (types.length != ids.length
                || texts.length != ids.length
                || starts.length != ids.length
                || ends.length != ids.length) {
            throw new InputException("expected as many types, texts, starts and ends as ids");
        }
    }

    /** Of a text without marks. */
    static Encoding of(int[] ids, int[] starts, int[] ends) {
        return new Encoding(ids, new int[ids.length], new int[ids.length], starts, ends);
    }

    /** How many tokens. */
    public int length() {
        return ids.length;
    }

    /** 1 of a token or a mark, 0 of what {@link #pad} filled up with. */
    public int[] attentionMask() {
        int[] mask = new int[ids.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = texts[i] == PADDING ? 0 : 1;
        }
        return mask;
    }

    /** 1 of a mark or of padding, 0 of a token of a text. */
    public int[] specialTokensMask() {
        return Arrays.stream(texts).map(text -> text < 0 ? 1 : 0).toArray();
    }

    /** The first or the last tokens; the side loses what is over. */
    Encoding cut(int length, Side side) {
        if (length >= ids.length) {
            return this;
        }
        int from = side == Side.RIGHT ? 0 : ids.length - length;
        return new Encoding(
                Arrays.copyOfRange(ids, from, from + length),
                Arrays.copyOfRange(types, from, from + length),
                Arrays.copyOfRange(texts, from, from + length),
                Arrays.copyOfRange(starts, from, from + length),
                Arrays.copyOfRange(ends, from, from + length));
    }

    /** Filled up to a length with a token that the attention mask leaves out; a longer one stays as it is. */
    public Encoding pad(int length, int padding, Side side) {
        int more = length - ids.length;
        if (more <= 0) {
            return this;
        }
        int at = side == Side.RIGHT ? 0 : more;
        return new Encoding(
                place(ids, length, at, padding),
                place(types, length, at, 0),
                place(texts, length, at, PADDING),
                place(starts, length, at, 0),
                place(ends, length, at, 0));
    }

    private static int[] place(int[] values, int length, int at, int other) {
        int[] all = new int[length];
        Arrays.fill(all, other);
        System.arraycopy(values, 0, all, at, values.length);
        return all;
    }

    /** All filled up to the longest of them, and to a multiple of a number; 1 for none. */
    public static List<Encoding> pad(List<Encoding> all, int padding, int multipleOf, Side side) {
        if (multipleOf < 1) {
            throw new InputException("expected a multiple of 1 or more, received " + multipleOf);
        }
        int longest = all.stream().mapToInt(Encoding::length).max().orElse(0);
        int length = (longest + multipleOf - 1) / multipleOf * multipleOf;
        return all.stream().map(each -> each.pad(length, padding, side)).toList();
    }

    /** The same with starts and ends in code points, as Python counts, where a character beyond U+FFFF is one and not two. */
    public Encoding inCodePoints(String... given) {
        int[][] counts = new int[given.length][];
        for (int t = 0; t < given.length; t++) {
            counts[t] = codePoints(given[t]);
        }
        int[] from = starts.clone();
        int[] to = ends.clone();
        for (int i = 0; i < ids.length; i++) {
            if (texts[i] >= 0) {
                from[i] = counts[texts[i]][starts[i]];
                to[i] = counts[texts[i]][ends[i]];
            }
        }
        return new Encoding(ids, types, texts, from, to);
    }

    /** How many code points begin before each place of a text. */
    private static int[] codePoints(String text) {
        int[] counts = new int[text.length() + 1];
        for (int at = 0, n = 0; at < text.length(); n++) {
            int end = at + Character.charCount(text.codePointAt(at));
            Arrays.fill(counts, at + 1, end + 1, n + 1);
            at = end;
        }
        return counts;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Encoding that
                && Arrays.equals(ids, that.ids)
                && Arrays.equals(types, that.types)
                && Arrays.equals(texts, that.texts)
                && Arrays.equals(starts, that.starts)
                && Arrays.equals(ends, that.ends);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return "Encoding" + Arrays.toString(ids);
    }
}
