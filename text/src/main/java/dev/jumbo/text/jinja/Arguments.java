package dev.jumbo.text.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a function was given. */
record Arguments(String function, List<Object> positional, Map<String, Object> named) {
    /** By place or by name; null where it was not given. */
    @Nullable
    Object get(int place, String name) {
        return place < positional.size() ? positional.get(place) : named.get(name);
    }

    Object or(int place, String name, Object standard) {
        Object value = get(place, name);
        return value == null ? standard : value;
    }

    Object require(int place, String name) {
        Object value = get(place, name);
        if (value == null) {
            throw new Refused(function + ": expected the argument " + name + ", received none");
        }
        return value;
    }

    String text(int place, String name) {
        Object value = require(place, name);
        if (value instanceof Undefined missing) {
            throw missing.refused();
        }
        if (!(value instanceof String text)) {
            throw new Refused(function + ": expected a text as " + name + ", received " + Values.typeName(value));
        }
        return text;
    }

    /** Null where it was not given, or is None. */
    @Nullable
    String textOrNull(int place, String name) {
        Object value = get(place, name);
        return value == null || value instanceof Nothing ? null : text(place, name);
    }

    long whole(int place, String name, long standard) {
        Object value = or(place, name, standard);
        if (value instanceof Undefined missing) {
            throw missing.refused();
        }
        if (!(value instanceof Long) && !(value instanceof Boolean)) {
            throw new Refused(
                    function + ": expected a whole number as " + name + ", received " + Values.typeName(value));
        }
        return Values.number(value).longValue();
    }
}
