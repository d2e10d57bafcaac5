package dev.jumbo.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of a program as those of templates: copies, so that nothing of the program is reached. */
final class PlainValues {
    private PlainValues() {}

    /** @param seen copies of lists and mappings, each of which is copied once */
    static Object of(@Nullable Object value, Map<Object, Object> seen, int depth) {
        Values.requireShallow(depth);
        if (value == null) {
            return Nothing.NONE;
        }
        if (value instanceof String || value instanceof Boolean || value instanceof Long || value instanceof Double) {
            return value;
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof Float number) {
            return number.doubleValue();
        }
        Object copied = seen.get(value);
        if (copied != null) {
            return copied;
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>(list.size());
            list.forEach(each -> copy.add(of(each, seen, depth + 1)));
            seen.put(value, Collections.unmodifiableList(copy));
            return seen.get(value);
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, each) -> copy.put(Values.key(of(key, seen, depth + 1)), of(each, seen, depth + 1)));
            seen.put(value, Collections.unmodifiableMap(copy));
            return seen.get(value);
        }
        throw new Refused("expected texts, numbers, booleans, lists and mappings as values, received a value of another"
                + " kind");
    }
}
