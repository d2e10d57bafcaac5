package dev.jumbo.nn;

import dev.jumbo.tensor.Tensor;

/**
 * A contiguous part of flat values.
 *
 * @param start index of the first value, 0 or more
 * @param end index behind the last value, start or more
 */
public record FlatRange(long start, long end) {
    /** Parts begin at whole cache lines of 64 bytes, so that kernels see them aligned as they see the whole. */
    private static final long ALIGNMENT = 16;

    public FlatRange {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("no range from " + start + " to " + end);
        }
    }

    /** All of so many values. */
    public static FlatRange whole(long values) {
        return new FlatRange(0, values);
    }

    /**
     * One of several ranges that cover all values in order: all have the same length, a multiple of 16, but the last,
     * which also takes what is left over.
     */
    public static FlatRange share(long values, int index, int parts) {
        long length = values / parts / ALIGNMENT * ALIGNMENT;
        return new FlatRange(index * length, index == parts - 1 ? values : (index + 1) * length);
    }

    /** Number of values. */
    public long length() {
        return end - start;
    }

    public boolean isEmpty() {
        return start == end;
    }

    /** What both have; empty if nothing. */
    public FlatRange intersect(FlatRange other) {
        long from = Math.max(start, other.start);
        return new FlatRange(from, Math.max(from, Math.min(end, other.end)));
    }

    /** The same values, counted from another index. */
    public FlatRange relativeTo(long origin) {
        return new FlatRange(start - origin, end - origin);
    }

    /** The view of these values in a flat tensor. */
    public Tensor of(Tensor flat) {
        return flat.narrow(0, start, length());
    }
}
