package dev.jumbo.tensor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Things by name, in order, one or more. The first is the main one; the others are what a layer of several inputs takes besides, or
 * ride along for one further on that asks for them by name, such as {@code mask}.
 *
 * @param <T> tensors, or what describes them
 */
public abstract sealed class Named<T> permits Specs, Tensors {
    private final Map<String, T> byName;

    Named(Map<String, T> byName) {
        if (byName.isEmpty()) {
            throw new IllegalArgumentException("expected one or more tensors, received none");
        }
        this.byName = byName;
    }

    /** The first one. */
    public final T main() {
        return byName.values().iterator().next();
    }

    /** The name of the first one. */
    public final String mainName() {
        return byName.keySet().iterator().next();
    }

    /** The one of a name, or null. */
    public final @Nullable T get(String name) {
        return byName.get(name);
    }

    /** @throws ShapeException if there is none of this name */
    public final T require(String name) {
        T found = byName.get(name);
        if (found == null) {
            throw new ShapeException("", "an input \"" + name + "\"", "inputs named " + byName.keySet());
        }
        return found;
    }

    public final boolean has(String name) {
        return byName.containsKey(name);
    }

    public final int size() {
        return byName.size();
    }

    /** In order. */
    public final Set<String> names() {
        return Collections.unmodifiableSet(byName.keySet());
    }

    /** In order. */
    public final List<T> all() {
        return List.copyOf(byName.values());
    }

    /** Names with what they name, in order. */
    public final Map<String, T> byName() {
        return Collections.unmodifiableMap(byName);
    }

    /** A copy with one more at the end, or another in the place of that name. */
    final Map<String, T> plus(String name, T value) {
        Map<String, T> next = new LinkedHashMap<>(byName);
        next.put(name, value);
        return next;
    }

    /**
     * What one layer made over what it was given, for the next one: the first of {@code made} takes the first place; the rest of both
     * are behind it, those of {@code made} counting.
     */
    final Map<String, T> overlaid(Named<T> made) {
        Map<String, T> next = new LinkedHashMap<>(made.byName);
        byName.entrySet().stream().skip(1).forEach(entry -> next.putIfAbsent(entry.getKey(), entry.getValue()));
        return next;
    }
}
