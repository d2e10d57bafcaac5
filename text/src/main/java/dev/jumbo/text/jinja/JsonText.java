package dev.jumbo.text.jinja;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values as Python's {@code json.dumps(ensure_ascii=False)} writes them. */
final class JsonText {
    private final Budget budget;
    private final @Nullable String indent;
    private final String betweenItems;
    private final String betweenKeyAndValue;
    private final boolean sorts;
    private final boolean ascii;
    private final StringBuilder into = new StringBuilder();

    private JsonText(Budget budget, @Nullable String indent, String items, String keys, boolean sorts, boolean ascii) {
        this.budget = budget;
        this.indent = indent;
        betweenItems = items;
        betweenKeyAndValue = keys;
        this.sorts = sorts;
        this.ascii = ascii;
    }

    /** @param named arguments of {@code tojson}: indent, separators, sort_keys, ensure_ascii */
    static String of(Object value, Map<String, Object> named, Budget budget) {
        Object given = named.getOrDefault("indent", Nothing.NONE);
        String indent = null;
        if (given instanceof Long spaces) {
            budget.makes(Math.max(0, spaces));
            indent = " ".repeat((int) Math.max(0, spaces));
        } else if (given instanceof String text) {
            indent = text;
        } else if (!(given instanceof Nothing)) {
            throw new Refused("tojson: expected a number or a text as indent, received " + Values.typeName(given));
        }
        String items = indent == null ? ", " : ",";
        String keys = ": ";
        Object separators = named.getOrDefault("separators", Nothing.NONE);
        if (separators instanceof List<?> two
                && two.size() == 2
                && two.get(0) instanceof String item
                && two.get(1) instanceof String key) {
            items = item;
            keys = key;
        } else if (!(separators instanceof Nothing)) {
            throw new Refused("tojson: expected two texts as separators, received " + Values.typeName(separators));
        }
        boolean sorts = Values.isTrue(named.getOrDefault("sort_keys", false));
        boolean ascii = Values.isTrue(named.getOrDefault("ensure_ascii", false));
        JsonText text = new JsonText(budget, indent, items, keys, sorts, ascii);
        text.write(value, 0);
        return text.into.toString();
    }

    private void write(Object value, int depth) {
        Values.requireShallow(depth);
        int before = into.length();
        if (value instanceof String text) {
            quote(text);
        } else if (value instanceof Boolean || value instanceof Long) {
            into.append(value);
        } else if (value instanceof Nothing) {
            into.append("null");
        } else if (value instanceof Double number) {
            into.append(number(number));
        } else if (value instanceof List<?> list) {
            list(list, depth);
        } else if (value instanceof Map<?, ?> map) {
            map(map, depth);
        } else if (value instanceof Undefined missing) {
            throw missing.refused();
        } else {
            throw new Refused("tojson: expected a value of JSON, received " + Values.typeName(value));
        }
        budget.makes(into.length() - before);
    }

    private static String number(double number) {
        return Double.isNaN(number)
                ? "NaN"
                : Double.isInfinite(number) ? number > 0 ? "Infinity" : "-Infinity" : Values.floatText(number);
    }

    private void line(int depth) {
        if (indent != null) {
            budget.made((long) depth * indent.length());
            into.append('\n').append(indent.repeat(depth));
        }
    }

    private void list(List<?> list, int depth) {
        if (list.isEmpty()) {
            into.append("[]");
            return;
        }
        into.append('[');
        for (int i = 0; i < list.size(); i++) {
            into.append(i == 0 ? "" : betweenItems);
            line(depth + 1);
            write(list.get(i), depth + 1);
        }
        line(depth);
        into.append(']');
    }

    private void map(Map<?, ?> map, int depth) {
        if (map.isEmpty()) {
            into.append("{}");
            return;
        }
        Map<Object, Object> all = sorts ? new TreeMap<>((a, b) -> Values.compare(a, b, budget)) : null;
        if (all != null) {
            all.putAll(map);
        }
        into.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> each : (all == null ? map : all).entrySet()) {
            into.append(first ? "" : betweenItems);
            first = false;
            line(depth + 1);
            quote(key(each.getKey()));
            into.append(betweenKeyAndValue);
            write(each.getValue(), depth + 1);
        }
        line(depth);
        into.append('}');
    }

    private static String key(Object key) {
        if (key instanceof String text) {
            return text;
        }
        if (key instanceof Long || key instanceof Boolean) {
            return key.toString();
        }
        if (key instanceof Nothing) {
            return "null";
        }
        if (key instanceof Double number) {
            return number(number);
        }
        throw new Refused("tojson: expected texts or numbers as keys, received " + Values.typeName(key));
    }

    private void quote(String text) {
        into.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> into.append("\\\"");
                case '\\' -> into.append("\\\\");
                case '\n' -> into.append("\\n");
                case '\r' -> into.append("\\r");
                case '\t' -> into.append("\\t");
                case '\b' -> into.append("\\b");
                case '\f' -> into.append("\\f");
                default -> {
                    if (c < 0x20 || ascii && c > 0x7e) {
                        into.append(String.format("\\u%04x", (int) c));
                    } else {
                        into.append(c);
                    }
                }
            }
        }
        into.append('"');
    }
}
