package dev.jumbo.text.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's operators. */
final class Arithmetic {
    private final Budget budget;

    Arithmetic(Budget budget) {
        this.budget = budget;
    }

    static boolean holds(String operator, int order) {
        return order != 2
                && switch (operator) {
                    case "<" -> order < 0;
                    case "<=" -> order <= 0;
                    case ">" -> order > 0;
                    default -> order >= 0;
                };
    }

    Object unary(String operator, Object value) {
        if (!isNumber(value)) {
            throw wrong(operator, value);
        }
        Number number = Values.number(value);
        if (operator.equals("+")) {
            return number;
        }
        return number instanceof Long whole
                ? (Object) exact(() -> Math.negateExact(whole))
                : (Object) (-number.doubleValue());
    }

    private static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    private static Refused wrong(String operator, Object... values) {
        StringBuilder received = new StringBuilder();
        for (Object value : values) {
            if (value instanceof Undefined missing) {
                return missing.refused();
            }
            received.append(received.length() == 0 ? "" : " and ").append(Values.typeName(value));
        }
        return new Refused("expected values for \"" + operator + "\", received " + received);
    }

    /** Whole numbers. */
    private interface Exact {
        long get();
    }

    private static long exact(Exact of) {
        try {
            return of.get();
        } catch (ArithmeticException e) {
            throw new Refused("expected whole numbers of at most 64 bits, received larger ones, or a division by 0");
        }
    }

    Object binary(String operator, Object left, Object right) {
        if (isNumber(left) && isNumber(right)) {
            return numbers(operator, Values.number(left), Values.number(right));
        }
        if (operator.equals("+") && left instanceof String a && right instanceof String b) {
            budget.makes((long) a.length() + b.length());
            return a + b;
        }
        if (operator.equals("+")
                && left instanceof List<?> a
                && right instanceof List<?> b
                && left instanceof Tuple == right instanceof Tuple) {
            budget.makes((long) a.size() + b.size());
            List<Object> joined = new ArrayList<>(a);
            joined.addAll(b);
            return left instanceof Tuple ? new Tuple(joined) : joined;
        }
        if (operator.equals("*") && right instanceof Long times) {
            return repeated(left, times);
        }
        if (operator.equals("*") && left instanceof Long times) {
            return repeated(right, times);
        }
        if (operator.equals("%") && left instanceof String format) {
            return Formats.percent(format, right, budget);
        }
        throw wrong(operator, left, right);
    }

    private Object repeated(Object value, long times) {
        long count = Math.max(0, times);
        if (value instanceof String text) {
            budget.makes(size(text.length(), count));
            return text.repeat((int) (text.isEmpty() ? 0 : count));
        }
        if (value instanceof List<?> list) {
            budget.makes(size(list.size(), count));
            List<Object> all = new ArrayList<>();
            for (long i = 0; i < count && !list.isEmpty(); i++) {
                all.addAll(list);
            }
            return value instanceof Tuple ? new Tuple(all) : all;
        }
        throw wrong("*", value, times);
    }

    private static long size(long each, long count) {
        return each == 0 ? 0 : count > Long.MAX_VALUE / each ? Long.MAX_VALUE : each * count;
    }

    private static Object numbers(String operator, Number left, Number right) {
        if (left instanceof Long a && right instanceof Long b && !operator.equals("/")) {
            return switch (operator) {
                case "+" -> exact(() -> Math.addExact(a, b));
                case "-" -> exact(() -> Math.subtractExact(a, b));
                case "*" -> exact(() -> Math.multiplyExact(a, b));
                case "//" -> exact(() -> a == Long.MIN_VALUE && b == -1 ? Math.negateExact(a) : Math.floorDiv(a, b));
                case "%" -> exact(() -> Math.floorMod(a, b));
                default -> b < 0 ? (Object) Math.pow(a, b) : (Object) exact(() -> power(a, b));
            };
        }
        double a = left.doubleValue();
        double b = right.doubleValue();
        if (b == 0 && !"+-***".contains(operator)) {
            throw new Refused("expected a divisor other than 0");
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            case "%" -> a - b * Math.floor(a / b);
            default -> Math.pow(a, b);
        };
    }

    private static long power(long base, long exponent) {
        long result = 1;
        long factor = base;
        for (long left = exponent; left > 0; left >>= 1) {
            if ((left & 1) == 1) {
                result = Math.multiplyExact(result, factor);
            }
            if (left > 1) {
                factor = Math.multiplyExact(factor, factor);
            }
        }
        return result;
    }
}
