package dev.jumbo.text.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's slices. */
final class Slices {
    private Slices() {}

    static Object of(Object value, Object from, Object to, Object step, Budget budget) {
        if (value instanceof Undefined missing) {
            throw missing.refused();
        }
        if (!(value instanceof String) && !(value instanceof List)) {
            throw new Refused("expected a list or a text to take a part of, received " + Values.typeName(value));
        }
        List<Object> all = Values.entries(value, budget);
        long stride = step instanceof Nothing ? 1 : index(step);
        if (stride == 0) {
            throw new Refused("expected a step of a slice other than 0");
        }
        int size = all.size();
        long first = bound(from, size, stride > 0 ? 0 : size - 1L, stride);
        long last = bound(to, size, stride > 0 ? size : -1, stride);
        List<Object> part = new ArrayList<>();
        for (long i = first; stride > 0 ? i < last : i > last; i += Math.max(-size - 1L, Math.min(size + 1L, stride))) {
            part.add(all.get((int) i));
        }
        if (!(value instanceof String)) {
            return value instanceof Tuple ? new Tuple(part) : part;
        }
        StringBuilder text = new StringBuilder();
        part.forEach(text::append);
        return text.toString();
    }

    private static long index(Object value) {
        if (value instanceof Long || value instanceof Boolean) {
            return Values.number(value).longValue();
        }
        throw new Refused("expected whole numbers in a slice, received " + Values.typeName(value));
    }

    private static long bound(Object given, int size, long standard, long stride) {
        if (given instanceof Nothing) {
            return standard;
        }
        long at = index(given);
        at = at < 0 ? at + size : at;
        long least = stride > 0 ? 0 : -1;
        return Math.max(least, Math.min(stride > 0 ? size : size - 1L, at));
    }
}
