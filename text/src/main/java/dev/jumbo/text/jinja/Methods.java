package dev.jumbo.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Methods of texts, lists and mappings that templates may call: those of Python that change nothing. */
final class Methods {
    private static final Set<String> CHANGING = Set.of(
            "append",
            "extend",
            "insert",
            "remove",
            "pop",
            "popitem",
            "clear",
            "update",
            "setdefault",
            "sort",
            "reverse");
    private static final Set<String> OF_MAPS = Set.of("items", "keys", "values", "get", "copy");
    private static final Set<String> OF_LISTS = Set.of("index", "count", "copy");

    private final Budget budget;

    Methods(Budget budget) {
        this.budget = budget;
    }

    /** Null if a value has no such method. */
    @Nullable
    Callable of(Object value, String name) {
        if ((value instanceof Map || value instanceof List) && CHANGING.contains(name)) {
            boolean entry = value instanceof Map<?, ?> map && map.containsKey(name);
            if (!entry) {
                return (arguments, named) -> {
                    throw new Refused("expected a method that changes nothing, received " + name
                            + "; make a new list by + or a value by set");
                };
            }
        }
        if (value instanceof Map<?, ?> map && OF_MAPS.contains(name)) {
            return (arguments, named) -> ofMap(map, name, new Arguments(name, arguments, named));
        }
        if (value instanceof List<?> list && OF_LISTS.contains(name)) {
            return (arguments, named) -> ofList(list, name, new Arguments(name, arguments, named));
        }
        if (value instanceof String text && StringMethods.NAMES.contains(name)) {
            return (arguments, named) -> {
                budget.made(text.length());
                return StringMethods.call(text, name, new Arguments(name, arguments, named), budget);
            };
        }
        return null;
    }

    private Object ofMap(Map<?, ?> map, String name, Arguments given) {
        budget.makes(map.size());
        List<Object> made = new ArrayList<>();
        switch (name) {
            case "items" -> map.forEach((key, value) -> made.add(new Tuple(List.of(key, value))));
            case "keys" -> made.addAll(map.keySet());
            case "values" -> made.addAll(map.values());
            case "get" -> {
                Object value = map.get(Values.key(given.require(0, "key")));
                return value == null ? given.or(1, "default", Nothing.NONE) : value;
            }
            default -> {
                return map;
            }
        }
        return made;
    }

    private Object ofList(List<?> list, String name, Arguments given) {
        if (name.equals("copy")) {
            return list;
        }
        Object wanted = given.require(0, "value");
        long count = 0;
        for (int i = 0; i < list.size(); i++) {
            if (Values.equal(list.get(i), wanted, budget)) {
                if (name.equals("index")) {
                    return (long) i;
                }
                count++;
            }
        }
        if (name.equals("index")) {
            throw new Refused("index: expected a value of the list, received another one");
        }
        return count;
    }
}
