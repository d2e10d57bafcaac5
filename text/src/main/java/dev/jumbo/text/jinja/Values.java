package dev.jumbo.text.jinja;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** What Python says of values: whether they are true, how they are written, which are equal and which is less. */
final class Values {
    /** Conversations are not nested deeper, and what is would take the stack. */
    private static final int DEEPEST = 200;

    private Values() {}

    static boolean isTrue(Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof List<?> list) {
            return !list.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return !(value instanceof Nothing) && !(value instanceof Undefined);
    }

    static String typeName(Object value) {
        if (value instanceof Undefined) {
            return "undefined";
        }
        if (value instanceof Nothing) {
            return "none";
        }
        if (value instanceof Boolean) {
            return "a boolean";
        }
        if (value instanceof Number) {
            return "a number";
        }
        if (value instanceof String) {
            return "a text";
        }
        if (value instanceof List) {
            return "a list";
        }
        return value instanceof Map ? "a mapping" : value instanceof Callable ? "a function" : "an object";
    }

    /** As Python's {@code str}. */
    static String text(Object value, Budget budget) {
        return value instanceof String text ? text : value instanceof Undefined ? "" : repr(value, budget);
    }

    /** As Python's {@code repr}. */
    static String repr(Object value, Budget budget) {
        StringBuilder into = new StringBuilder();
        repr(value, into, budget, 0);
        return into.toString();
    }

    private static void repr(Object value, StringBuilder into, Budget budget, int depth) {
        requireShallow(depth);
        int before = into.length();
        if (value instanceof String text) {
            quote(text, into);
        } else if (value instanceof Boolean flag) {
            into.append(flag ? "True" : "False");
        } else if (value instanceof Double number) {
            into.append(floatText(number));
        } else if (value instanceof List<?> list) {
            boolean tuple = value instanceof Tuple;
            into.append(tuple ? '(' : '[');
            for (int i = 0; i < list.size(); i++) {
                into.append(i == 0 ? "" : ", ");
                repr(list.get(i), into, budget, depth + 1);
            }
            into.append(tuple ? list.size() == 1 ? ",)" : ")" : "]");
        } else if (value instanceof Map<?, ?> map) {
            into.append('{');
            boolean first = true;
            for (Map.Entry<?, ?> each : map.entrySet()) {
                into.append(first ? "" : ", ");
                first = false;
                repr(each.getKey(), into, budget, depth + 1);
                into.append(": ");
                repr(each.getValue(), into, budget, depth + 1);
            }
            into.append('}');
        } else if (value instanceof Long || value instanceof Nothing) {
            into.append(value);
        } else if (value instanceof Undefined) {
            into.append("Undefined");
        } else {
            throw new Refused("expected a value that can be written, received " + typeName(value));
        }
        budget.makes(into.length() - before);
    }

    static void requireShallow(int depth) {
        if (depth > DEEPEST) {
            throw new Refused("expected values nested at most " + DEEPEST + " deep, received more");
        }
    }

    private static void quote(String text, StringBuilder into) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        into.append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> into.append("\\n");
                case '\r' -> into.append("\\r");
                case '\t' -> into.append("\\t");
                case '\\' -> into.append("\\\\");
                default -> {
                    if (c == quote) {
                        into.append('\\').append(quote);
                    } else if (c < 0x20 || c == 0x7f || c > 0x7f && c < 0xa1 || c == 0xad) {
                        into.append(String.format("\\x%02x", c));
                    } else {
                        into.appendCodePoint(c);
                    }
                }
            }
        });
        into.append(quote);
    }

    /** As Python writes floats: the shortest digits that give the same number. */
    static String floatText(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = digits.toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String unscaled = digits.unscaledValue().abs().toString();
        return (value < 0 ? "-" : "")
                + unscaled.charAt(0)
                + (unscaled.length() > 1 ? "." + unscaled.substring(1) : "")
                + "e" + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    static boolean equal(Object a, Object b, Budget budget) {
        return equal(a, b, budget, 0);
    }

    private static boolean equal(Object a, Object b, Budget budget, int depth) {
        requireShallow(depth);
        budget.step();
        if (isNumber(a) && isNumber(b)) {
            return order(a, b) == 0;
        }
        if (a instanceof List<?> left && b instanceof List<?> right) {
            boolean same = left.size() == right.size() && a instanceof Tuple == b instanceof Tuple;
            for (int i = 0; same && i < left.size(); i++) {
                same = equal(left.get(i), right.get(i), budget, depth + 1);
            }
            return same;
        }
        if (a instanceof Map<?, ?> left && b instanceof Map<?, ?> right) {
            boolean same = left.size() == right.size();
            for (Iterator<? extends Map.Entry<?, ?>> all = left.entrySet().iterator(); same && all.hasNext(); ) {
                Map.Entry<?, ?> each = all.next();
                Object other = right.get(each.getKey());
                same = other != null && equal(each.getValue(), other, budget, depth + 1);
            }
            return same;
        }
        if (a instanceof String text) {
            budget.made(text.length());
            return text.equals(b);
        }
        return a instanceof Undefined ? b instanceof Undefined : a.equals(b);
    }

    private static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    static Number number(Object value) {
        return value instanceof Boolean flag ? (Number) (flag ? 1L : 0L) : (Number) value;
    }

    private static int order(Object a, Object b) {
        Number left = number(a);
        Number right = number(b);
        if (left instanceof Long x && right instanceof Long y) {
            return Long.compare(x, y);
        }
        double x = left.doubleValue();
        double y = right.doubleValue();
        return x == y ? 0 : Double.isNaN(x) || Double.isNaN(y) ? 2 : x < y ? -1 : 1;
    }

    /** Below 0, 0 or above; 2 for what is not a number. */
    static int compare(Object a, Object b, Budget budget) {
        return compare(a, b, budget, 0);
    }

    private static int compare(Object a, Object b, Budget budget, int depth) {
        requireShallow(depth);
        budget.step();
        if (isNumber(a) && isNumber(b)) {
            return order(a, b);
        }
        if (a instanceof String x && b instanceof String y) {
            budget.made(Math.min(x.length(), y.length()));
            return byCodePoints(x, y);
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
                if (!equal(x.get(i), y.get(i), budget)) {
                    return compare(x.get(i), y.get(i), budget, depth + 1);
                }
            }
            return Integer.compare(x.size(), y.size());
        }
        if (a instanceof Undefined missing) {
            throw missing.refused();
        }
        if (b instanceof Undefined missing) {
            throw missing.refused();
        }
        throw new Refused("expected values that can be ordered, received " + typeName(a) + " and " + typeName(b));
    }

    private static int byCodePoints(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length()) {
            int x = a.codePointAt(i);
            int y = b.codePointAt(i);
            if (x != y) {
                return Integer.compare(x, y);
            }
            i += Character.charCount(x);
        }
        return Integer.compare(a.length(), b.length());
    }

    /** What a loop runs through: entries of a list, keys of a mapping, characters of a text. */
    static List<Object> entries(Object value, Budget budget) {
        List<Object> all = new ArrayList<>();
        if (value instanceof List<?> list) {
            budget.makes(list.size());
            all.addAll(list);
        } else if (value instanceof Map<?, ?> map) {
            budget.makes(map.size());
            all.addAll(map.keySet());
        } else if (value instanceof String text) {
            budget.makes(text.length());
            text.codePoints().forEach(c -> all.add(Character.toString(c)));
        } else if (!(value instanceof Undefined)) {
            throw new Refused("expected a list, a mapping or a text to run through, received " + typeName(value));
        }
        return all;
    }

    static boolean contains(Object in, Object value, Budget budget) {
        if (in instanceof String text) {
            if (!(value instanceof String part)) {
                throw new Refused("expected a text to look for in a text, received " + typeName(value));
            }
            budget.made(text.length());
            return text.contains(part);
        }
        if (in instanceof Map<?, ?> map) {
            return map.containsKey(key(value));
        }
        if (in instanceof Undefined) {
            return false;
        }
        return entries(in, budget).stream().anyMatch(each -> equal(each, value, budget));
    }

    /** A key of a mapping: whole floats are integers, and booleans 0 and 1, as Python has them. */
    static Object key(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? 1L : 0L;
        }
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1L << 53) {
            return number.longValue();
        }
        if (value instanceof List && !(value instanceof Tuple) || value instanceof Map || value instanceof Namespace) {
            throw new Refused("expected a key of a mapping, received " + typeName(value));
        }
        return value;
    }
}
