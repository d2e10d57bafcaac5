package dev.jumbo.tensor;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** How what one layer made is laid over what it was given, for the next one. */
final class Overlay {
    private Overlay() {}

    /** The first of {@code made} takes the first place; the rest of both are behind it, those of {@code made} counting. */
    static <T> Map<String, T> of(Map<String, T> given, Map<String, T> made) {
        Map<String, T> next = new LinkedHashMap<>(made);
        Iterator<Map.Entry<String, T>> rest = given.entrySet().iterator();
        rest.next();
        rest.forEachRemaining(entry -> next.putIfAbsent(entry.getKey(), entry.getValue()));
        return next;
    }
}
