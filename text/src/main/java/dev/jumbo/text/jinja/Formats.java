package dev.jumbo.text.jinja;

import java.util.List;
import java.util.Map;

/** Python's {@code %} and {@code str.format}, for whole values alone: no widths, no attributes. */
final class Formats {
    private Formats() {}

    static String percent(String format, Object values, Budget budget) {
        List<?> all = values instanceof Tuple tuple ? tuple : List.of(values);
        StringBuilder text = new StringBuilder();
        int next = 0;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                text.append(c);
                continue;
            }
            char kind = ++i < format.length() ? format.charAt(i) : ' ';
            if (kind == '%') {
                text.append('%');
                continue;
            }
            if (next == all.size()) {
                throw new Refused("expected a value for each % of a text, received " + all.size());
            }
            Object value = all.get(next++);
            if (kind == 's') {
                text.append(Values.text(value, budget));
            } else if (kind == 'd' && value instanceof Long) {
                text.append(value);
            } else {
                throw new Refused("expected %s, %d of a whole number or %% in a text, received %" + kind);
            }
            budget.makes(text.length());
        }
        if (next < all.size()) {
            throw new Refused("expected " + next + " values for as many % of a text, received " + all.size());
        }
        return text.toString();
    }

    static String format(String format, List<Object> values, Map<String, Object> named, Budget budget) {
        StringBuilder text = new StringBuilder();
        int next = 0;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if ((c == '{' || c == '}') && i + 1 < format.length() && format.charAt(i + 1) == c) {
                text.append(c);
                i++;
                continue;
            }
            if (c != '{') {
                text.append(c);
                continue;
            }
            int end = format.indexOf('}', i);
            String key = end < 0 ? "?" : format.substring(i + 1, end);
            Object value = null;
            if (key.matches("[0-9]{0,4}")) {
                int place = key.isEmpty() ? next++ : Integer.parseInt(key);
                value = place < values.size() ? values.get(place) : null;
            } else {
                value = named.get(key);
            }
            if (value == null) {
                throw new Refused("expected {}, {0} or {name} of values that are given to format, received {"
                        + Text.shown(key) + "}");
            }
            text.append(Values.text(value, budget));
            budget.makes(text.length());
            i = end;
        }
        return text.toString();
    }
}
